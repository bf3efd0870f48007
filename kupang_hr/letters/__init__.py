"""Letters: what a document says in official Indonesian, as A4 PDF and on the print view.

`templates` renders the texts that a clerk edits, `decree`, `stand_down` and `recaps` say what a letter holds (plain
dictionaries and texts), `typeset` makes a PDF of it and `printing` the page of Frappe's print view. What is signed is
read from the decree and its lines, never from what is on file today.
"""
