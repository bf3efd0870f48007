"""How fast the mass steps are, as ratios within one run: `make benchmark`, or `python -m benchmarks --help`.

Standard output is JSON, one line a figure; progress goes to standard error. The first line names the engine.

At 2,180 people, for each mass step:

- `times_faster_than_documents`: time per document by the shipped controllers, each saved and committed on its
  own as Frappe's bulk functions do (at least 200 documents of the same kind and starting state, after a
  warm-up, their trace included) ÷ time per person of the mass step. The step's time is all of
  `bulk.run.start(…, in_background=False)`: the Bulk Run and its end, selection, locks, chunks, heartbeats, commits.
- `times_plain_sql`: time of the mass step ÷ time of plain SQL. Plain SQL is the text of every statement that the
  very same run sent, with its values in it, sent again from the same starting state by a bare cursor in the
  same order with the same commits, every result row read. It is so by construction: the same inputs, the same rows
  and traces, the same chunks. What the framework looks up for itself (settings, roles, DocTypes that are in no
  cache) is replayed too; it is a few statements a run. A statement that is slow in itself is slow on both sides,
  so this ratio speaks of what Python adds, and the first one of the whole.
- `peak_mb`: the most memory that a fresh process which does the step, and nothing else, ever held.
- `seconds`: of the step; reported, never judged.

Documents, step and plain SQL take turns for some rounds, the starting state restored before each, so that a busy
machine is busy for all three; the best round of each counts.

At 100,000 people, where each step is done once by a process of its own:

- `time_per_person_ratio`: time per person ÷ that at 2,180.
- `peak_mb`, `seconds` as above.
- `queries_per_chunk`: statements from the beginning of one full chunk to the next, the least of them;
  `queries_per_chunk_spread`: how many more the most has. The first chunk, in which a process also reads the DocTypes
  that it has not met yet, is left out.

Letters (`collective_sk`, `petikan_pdf`, `petikan_zip`) at 2,150 and 10,000 names, each by a process of its own:

- `seconds`: of the PDF or of the whole Bulk Run with its files; has a limit at 2,150 names.
- `peak_mb`: as above.

Logins (`make_logins`, with `--all` or `--only`): everybody of the 7,000 gets one in a single run; nobody may be left out.

The desk:

- `import_people`: seconds of Frappe's Data Import with 2,180 people, and of its trial.
- `pages`: with 2,180 and 20,000 people in one round, a line for each page that somebody opens in a real Chromium:
  `seconds` of the server for all the `requests` that it makes, and the `slowest` of them.

`target` holds what a figure is to reach, and `holds` whether it does; one that does not is printed like the others,
and the exit status is 1 in the end.

The site loses its people and their documents: use one that is for nothing else.
"""
