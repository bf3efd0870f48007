"""Characters that the embedded fonts can show: whatever they cannot is replaced by one sign that they can.

Names come from many hands: quotes and accents are in the fonts, Arabic script too; an emoji becomes ¤, so that a
reader sees that something stood there, on paper as in the text of the PDF.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
INSTEAD = "¤"  # in each of the fonts
JOINED_UNSEEN = frozenset(map(chr, (0x200D, 0xFE0E, 0xFE0F, 0x20E3)))  # what an emoji is put together with
PLAIN = re.compile(r"[\n -~]*")


def printable(value: Any) -> Any:
	"""A value with every text in it made of characters that the fonts have; keys of mappings stay."""
	if isinstance(value, str):
		return shown(value)
	if isinstance(value, dict):
		return {key: item if key == "qr" else printable(item) for key, item in value.items()}
	if isinstance(value, list | tuple):
		return [printable(item) for item in value]
	return value


def shown(text: str) -> str:
	"""A text as the fonts can show it."""
	if PLAIN.fullmatch(text):
		return text
	text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
	return re.sub(f"{INSTEAD}+", INSTEAD, "".join(map(_shown, text)))


def _shown(character: str) -> str:
	if character in JOINED_UNSEEN:
		return ""
	if character in "\n\t" or ord(character) in coverage():
		return character
	if unicodedata.category(character) in ("Cc", "Cf"):
		return ""
	plainer = unicodedata.normalize("NFKC", character)
	return plainer if all(ord(part) in coverage() for part in plainer) else INSTEAD


@cache
def coverage() -> frozenset[int]:
	"""The characters that the fonts of the app have."""
	found: set[int] = set()
	for file in sorted(FONTS.glob("*.[ot]tf")):
		with TTFont(file, lazy=True) as font:
			found |= set(font.getBestCmap())
	return frozenset(found)
