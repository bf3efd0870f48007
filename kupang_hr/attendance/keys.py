"""Keys of phones and what they sign: ECDSA P-256, JWK (RFC 7517), thumbprints (RFC 7638). No database here.

The punch that a phone signs is one JSON object with the keys of `SIGNED` in that order, each value the text that
is sent, "" where there is none, without spaces, in UTF-8:

	{"accuracy":"12","claimed_at":"2020-12-29T07:25:00","device":"…","direction":"In","latitude":"-10.177200",
	"longitude":"123.607000","mock":"","mode":"WFO","source_id":"…"}

(on one line). The signature is r and s, 32 bytes each, as WebCrypto's `sign` gives them, in base64url without
padding. `source_id` is the phone's nonce: a replay is the same punch, and is answered as that.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

SIGNED = (
	"accuracy",
	"claimed_at",
	"device",
	"direction",
	"latitude",
	"longitude",
	"mock",
	"mode",
	"source_id",
)
COORDINATE_BYTES = 32
BASE64URL = re.compile("[A-Za-z0-9_-]*")
REQUIRED = ("crv", "kty", "x", "y")  # in the order of RFC 7638


class KeyProblem(ValueError):
	"""A text or object that is no public JWK of P-256."""


def public_jwk(given: str | Mapping) -> dict[str, str]:
	"""The members of a public P-256 key that matter, in the order of RFC 7638. Raises KeyProblem."""
	try:
		jwk = json.loads(given) if isinstance(given, str) else given
	except ValueError:
		raise KeyProblem("not JSON") from None
	if not isinstance(jwk, Mapping) or jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
		raise KeyProblem("not an EC key of the curve P-256")
	if "d" in jwk:
		raise KeyProblem("a private key")
	for member in ("x", "y"):
		if len(_bytes(jwk.get(member))) != COORDINATE_BYTES:
			raise KeyProblem(f"{member} is not 32 bytes in base64url")
	kept = {member: jwk[member] for member in REQUIRED}
	_public_key(kept["x"], kept["y"])
	return kept


def thumbprint(jwk: Mapping[str, str]) -> str:
	"""The SHA-256 thumbprint of a public key, base64url without padding."""
	text = json.dumps({member: jwk[member] for member in REQUIRED}, separators=(",", ":"))
	return urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()


def signed_text(punch: Mapping[str, str]) -> bytes:
	"""The bytes that a phone signs; `punch` has a text, or nothing, for each of `SIGNED`."""
	text = {field: punch.get(field) or "" for field in SIGNED}
	return json.dumps(text, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def is_signed(jwk: Mapping[str, str], data: bytes, signature: object) -> bool:
	"""Whether `signature` is that of `data` by the key; False for anything that is none."""
	raw = _bytes(signature)
	if len(raw) != 2 * COORDINATE_BYTES:
		return False
	r, s = (int.from_bytes(part, "big") for part in (raw[:COORDINATE_BYTES], raw[COORDINATE_BYTES:]))
	try:
		_public_key(jwk["x"], jwk["y"]).verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
	except InvalidSignature:
		return False
	return True


@lru_cache(maxsize=8192)
def _public_key(x: str, y: str) -> ec.EllipticCurvePublicKey:
	numbers = (int.from_bytes(_bytes(part), "big") for part in (x, y))
	try:
		return ec.EllipticCurvePublicNumbers(*numbers, ec.SECP256R1()).public_key()
	except ValueError:
		raise KeyProblem("no point of the curve") from None


def _bytes(text: object) -> bytes:
	"""What a base64url text holds, nothing for anything that is none."""
	if not isinstance(text, str) or not BASE64URL.fullmatch(text) or len(text) % 4 == 1:
		return b""
	return urlsafe_b64decode(text + "=" * (-len(text) % 4))
