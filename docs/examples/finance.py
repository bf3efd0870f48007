#!/usr/bin/env python3
"""What a month pays, from the finance API: lines a page at a time, kept until they change. Needs Python 3.10, no more.

	export KUPANG_URL=https://hr.kupang.example KUPANG_TOKEN=KEY:SECRET
	python3 finance.py 2021-01 [FOLDER]

Prints the payable of each OPD and checks it against the API's own totals. Pages are kept in FOLDER (`finance-pages`
unless named; only you can read it, for they hold NIK and accounts) with their ETags; a second call asks with
If-None-Match and gets 304 for whatever has not changed.
"""

import hashlib
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from pathlib import Path

URL, TOKEN = os.environ.get("KUPANG_URL", "").rstrip("/"), os.environ.get("KUPANG_TOKEN")


def get(folder: Path, endpoint: str, **query) -> dict:
	"""The answer of an endpoint; the one kept in `folder` where the server says that it still stands."""
	url = f"{URL}/api/method/kupang_hr.api.finance.{endpoint}?{urllib.parse.urlencode(query)}"
	kept = folder / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.json"
	headers = {"Authorization": f"token {TOKEN}", "Accept": "application/json"}
	if kept.exists():
		headers["If-None-Match"] = json.loads(kept.read_text())["etag"]
	try:
		with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as answer:
			body, etag = json.load(answer), answer.headers["ETag"]
	except urllib.error.HTTPError as error:
		if error.code == 304:
			print(f"{endpoint}: unchanged", file=sys.stderr)
			return json.loads(kept.read_text())["body"]
		sys.exit(explained(error, url))
	except urllib.error.URLError as error:
		sys.exit(f"{URL} cannot be reached: {error.reason}")
	kept.write_text(json.dumps({"etag": etag, "body": body}))
	return body


def explained(error: urllib.error.HTTPError, url: str) -> str:
	"""What the API says is wrong; another server than the API's does not say it in JSON."""
	try:
		problem = json.load(error)["error"]
	except ValueError:
		return f"{error.code} from {url}: is KUPANG_URL the address of the site?"
	return f"{error.code} {problem['code']}: {problem['message']} ({problem['field'] or 'no field'})"


def lines(folder: Path, period: str):
	"""Every line of a month."""
	query = {"period": period, "limit": 1000}
	while True:
		page = get(folder, "lines", **query)
		yield from page["lines"]
		if not page["next_cursor"]:
			return
		query["cursor"] = page["next_cursor"]


def main(period: str, folder: str = "finance-pages") -> None:
	kept = Path(folder)
	kept.mkdir(mode=0o700, exist_ok=True)
	payable: Counter[str] = Counter()
	for line in lines(kept, period):
		payable[line["opd"]] += line["payable"] or 0  # a civil servant's line has none
	totals = get(kept, "totals", period=period)
	assert payable == {row["opd"]: row["payable"] for row in totals["opds"]}, (
		"the lines do not sum to the totals"
	)
	for opd, rupiah in sorted(payable.items()):
		print(f"{opd:20} {rupiah:>15,}")
	print(f"{'':20} {totals['total']['payable']:>15,}")


if __name__ == "__main__":
	if not (URL and TOKEN and len(sys.argv) in (2, 3)):
		sys.exit(__doc__.strip())
	main(*sys.argv[1:])
