"""Characters that the embedded fonts can show: whatever they cannot is replaced by one sign that they can.

Names come from many hands: quotes and accents are in the fonts, Arabic script too; an emoji becomes ¤, so that a
reader sees that something stood there, on paper as in the text of the PDF. Signs that turn the direction of what follows
are taken out, so that no name flips a letter's text.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
INSTEAD = "¤"  # in each of the fonts
JOINED_UNSEEN = frozenset(map(chr, (0x200D, 0xFE0E, 0xFE0F, 0x20E3)))  # what an emoji is put together with
FLIPPING = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
PLAIN = re.compile(r"[\n -~]*")


def printable(value: Any) -> Any:
	"""A value with every text in it made of characters that the fonts have; keys of mappings stay."""
	return _each_text(value, shown)


def unflipped(value: Any) -> Any:
	"""A value without the signs that turn the direction of all text after them; Arabic script turns by itself."""
	return _each_text(value, lambda text: text.translate(FLIPPING))


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
	if isinstance(value, str):
		return change(value)
	if isinstance(value, dict):
		return {key: item if key == "qr" else _each_text(item, change) for key, item in value.items()}
	if isinstance(value, list | tuple):
		return [_each_text(item, change) for item in value]
	return value


def shown(text: str) -> str:
	"""A text as the fonts can show it."""
	if PLAIN.fullmatch(text):
		return text
	text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(FLIPPING))
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
