# An event names the file by its digest and says who signed and what was checked, accepted or refused.
use node
$ . ./decides.sh && decides verify 1.csar && decides verify 1.verdict && decides verify 1.order
| verify ok True False CN=acme release True False
| verify ok True False CN=acme release True True
| verify ok True True alice True False
# Refused: which file it was, and what it had passed before.
$ . ./decides.sh && tamper payload 1.order bad.order && decides verify bad.order && rm 3.order && proposal 3 --sequence 9 && decides verify 3.order
> cp 1.csar bad.csar && printf x >>bad.csar && decides verify bad.csar && edited policy.json 'p["sources"][0]["sbom"] = "required"' >strict.json
> sallyport verify 1.csar --policy strict.json --events events >/dev/null 2>&1 || true; python3 last.py
| verify order-signature-invalid False True  False False
| verify approvals-missing False True  True False
| verify zip-bytes-unaccounted True False  False False
| verify sbom-missing True False  True False
$ . ./decides.sh && decides deploy approve 3.order --as bob --key file:bob.key && decides deploy approve 3.order --as alice --key file:alice.key
> decides deploy refuse 3.order --as carol --key file:carol.key
| deploy-approve ok True True bob True False
| deploy-approve approver-is-proposer True True  True False
| deploy-refuse ok True True carol True False
-- decides.sh --
decides() { sallyport "$@" --policy policy.json --events events >/dev/null 2>&1 || true; python3 last.py; }
-- last.py --
import json
e = json.loads(open("events").readlines()[-1])
print(e["activity"], e["code"], bool(e["package"]), bool(e["order"]), e["signer"], len(e["checks"]) > 0, "SHA-256" in e["subject"])
