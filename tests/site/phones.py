"""Phones of people in tests: a key, a registration, and punches signed as a browser signs them."""

import itertools
import json
from base64 import urlsafe_b64encode
from typing import Any

import frappe
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

FIELDS = (
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
MACHINE = "machine@city.test"
numbers = itertools.count(1)


def base64url(data: bytes) -> str:
	return urlsafe_b64encode(data).rstrip(b"=").decode()


class Phone:
	"""A browser's key pair. It makes the canonical text by itself, not by the app's function."""

	def __init__(self) -> None:
		self.key = ec.generate_private_key(ec.SECP256R1())
		point = self.key.public_key().public_numbers()
		self.jwk = {
			"kty": "EC",
			"crv": "P-256",
			"x": base64url(point.x.to_bytes(32, "big")),
			"y": base64url(point.y.to_bytes(32, "big")),
			"ext": True,
			"key_ops": ["verify"],
		}
		members = {member: self.jwk[member] for member in ("crv", "kty", "x", "y")}
		digest = hashes.Hash(hashes.SHA256())
		digest.update(json.dumps(members, separators=(",", ":")).encode())
		self.thumbprint = base64url(digest.finalize())

	def sign(self, text: bytes) -> str:
		r, s = decode_dss_signature(self.key.sign(text, ec.ECDSA(hashes.SHA256())))
		return base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

	def punch(self, direction: str = "In", mode: str = "WFO", **values: Any) -> dict[str, Any]:
		"""The arguments of a punch, signed."""
		sent = {
			"direction": direction,
			"mode": mode,
			"source_id": f"nonce-{next(numbers):08}",
			"device": self.thumbprint,
			"claimed_at": "",
			"latitude": "-10.177200",
			"longitude": "123.607000",
			"accuracy": "12",
			"mock": "",
			**values,
		}
		text = "{" + ",".join(f'"{field}":{json.dumps(sent[field])}' for field in FIELDS) + "}"
		return {**sent, "signature": self.sign(text.encode())}


def approved(person: str, phone: Phone | None = None) -> Phone:
	"""A phone of a person that the OPD has approved, put there without asking."""
	phone = phone or Phone()
	device = frappe.new_doc("Registered Device")
	device.update(
		{"label": "Phone", "kind": "Phone", "personnel": person, "public_key": json.dumps(phone.jwk)}
	)
	device.insert(ignore_permissions=True)
	device.db_set("status", "Approved")
	phone.name = device.name
	return phone


def make_machine() -> None:
	"""The user of a source of punches, made once."""
	if not frappe.db.exists("User", MACHINE):
		machine = {"doctype": "User", "email": MACHINE, "first_name": "Machine", "send_welcome_email": 0}
		frappe.get_doc({**machine, "roles": [{"role": "Attendance Device"}]}).insert(ignore_permissions=True)


def source(user: str = MACHINE, label: str = "e-Kinerja") -> str:
	"""An approved source of a user."""
	make_machine()
	device = frappe.new_doc("Registered Device")
	device.update({"label": label, "kind": "Source", "user": user})
	device.insert(ignore_permissions=True)
	device.db_set("status", "Approved")
	return device.name
