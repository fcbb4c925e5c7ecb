# The policy wants to know how a vendor's package was built: by an in-toto statement that its builder signed, about this very release.
use packages
needs openssl clamd unzip zip root
# The builder's tool is none of ours: DSSE over openssl.
$ cat >attest.py <<'PYTHON'
> import base64, json, subprocess, sys
> key, out, kind, *subjects = sys.argv[1:]
> payload = json.dumps({"_type": "https://in-toto.io/Statement/v1", "predicateType": kind,
>   "subject": [dict(zip(("name", "digest"), (s.split("=")[0], {"sha256": s.split("=")[1]}))) for s in subjects],
>   "predicate": {"buildDefinition": {"buildType": "https://acme.example/make"}, "runDetails": {"builder": {"id": "https://ci.acme.example"}}}}).encode()
> kind = b"application/vnd.in-toto+json"
> open("pae", "wb").write(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
> sig = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key, "pae"], check=True, capture_output=True).stdout
> b64 = lambda b: base64.b64encode(b).decode()
> json.dump({"payload": b64(payload), "payloadType": kind.decode(), "signatures": [{"keyid": "", "sig": b64(sig)}]}, open(out, "w"), indent=1)
> PYTHON
$ for key in builder other; do openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $key.key 2>/dev/null
> openssl pkey -in $key.key -pubout -out $key.pub; done
$ edited policy.json 'p["sources"][0]["attestations"] = [{"predicate_type": "https://slsa.dev/provenance/v1", "keys": [open("builder.pub").read()]}]' >asking.json
> mv asking.json policy.json
$ sallyport policy show policy.json
stdout 'attestations: SLSA provenance v1 by key'
# What release it is going to be is known before it is built.
$ echo 'release 4' >tree/release && sallyport package build --from tree --name demo --version 4 --product demo --counter 4 \
>   --released 2026-01-01T00:00:00Z -o 4.csar --dry-run --json | sed 's/.*"release":"\([0-9a-f]*\)".*/\1/' >release
$ python3 attest.py builder.key provenance.dsse.json https://slsa.dev/provenance/v1 tree.json=$(cat release)
$ package 4 tree 4 --attestation provenance.dsse.json && unzip -Z1 4.csar | grep Attestations
| Files/Attestations/provenance.dsse.json
$ sallyport verify 4.csar --policy policy.json
stdout 'attestation  SLSA provenance v1 by https://ci.acme.example, about the release, key '
# It is shown without being believed.
$ sallyport inspect 4.csar
stdout 'Attestation Files/Attestations/provenance.dsse.json, not verified'
stdout 'made by      https://ci.acme.example'
stdout 'subjects     1'
stdout 'about        the release'
$ sallyport inspect 4.csar --json
stdout '{"name":"kind","value":"SLSA provenance v1"}'
# The verdict lists it, and whoever approves reads it.
$ clamd_here && verdict 4 && proposal 4 && sallyport deploy review 4.order --policy policy.json --verdict 4.verdict --package 4.csar
stdout 'attestation  SLSA provenance v1 by https://ci.acme.example, about the release'
# The node asks for it by itself, whatever a verdict says.
$ approval 4 bob && approval 4 carol && sallyport node init --root node --policy policy.json --node node-1 --pool pool-1 >/dev/null
> refuses 4 attestation-missing node install 1.csar --verdict 4.verdict --order 4.order --root node
$ installs 4 && active
| 4
# None is not enough, nor one by somebody else, about another release, or of another kind.
$ refuses 4 attestation-missing verify 1.csar --policy policy.json
$ python3 attest.py other.key a.json https://slsa.dev/provenance/v1 tree.json=$(cat release) && package 5 tree 4 --attestation a.json
> refuses 3 attestation-signer-unknown verify 5.csar --policy policy.json
$ python3 attest.py builder.key b.json https://slsa.dev/provenance/v1 bin/demo=$(cat release) && sallyport package build --from tree --name demo \
>   --version 6 --product demo --counter 4 --attestation b.json -o unsigned.csar
stdout 'attestation  SLSA provenance v1 by https://ci.acme.example, about something else'
$ package 6 tree 4 --attestation b.json && sallyport inspect 6.csar | grep 'about        something else'
> refuses 3 attestation-other-subject verify 6.csar --policy policy.json
> refuses 3 attestation-other-subject intake submit 6.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o 6.verdict
$ python3 attest.py builder.key c.json https://slsa.dev/provenance/v0.2 bin/demo=$(cat release) 2>/dev/null
> refuses 3 attestation-malformed package build --from tree --name demo --version 7 --product demo --counter 4 --attestation c.json -o 7.csar
# One key may be that of several builders: the policy names those that count.
$ edited policy.json 'p["sources"][0]["attestations"][0]["builders"] = ["https://ci.acme.example", "https://ci2.acme.example"]' >named.json && sallyport policy show named.json
stdout 'made by https://ci.acme.example or https://ci2.acme.example'
$ sallyport verify 4.csar --policy named.json
stdout 'attestation  SLSA provenance v1 by https://ci.acme.example, about the release, key '
$ edited policy.json 'p["sources"][0]["attestations"][0]["builders"] = ["https://ci.acme.example/"]' >named.json && refuses 3 attestation-builder-refused verify 4.csar --policy named.json
# A file of the release is as good as the release itself, for this file.
$ python3 attest.py builder.key d.json https://slsa.dev/provenance/v1 bin/demo=$(sha256sum <tree/bin/demo | cut -d' ' -f1)
> package 8 tree 4 --attestation a.json --attestation d.json && sallyport verify 8.csar --policy policy.json
stdout 'about 1 of 3 files'
# What the vendor signed to be in there cannot be taken out.
$ unzip -q 8.csar -d 8 && rm 8/Files/Attestations/d.dsse.json && (cd 8 && zip -0 -q -X ../9.csar TOSCA-Metadata/TOSCA.meta demo.mf demo.yaml \
>   Files/ChangeLog.txt Files/Licenses/LICENSE.txt Files/sbom.cdx.json Files/Attestations/a.dsse.json Artifacts/tree.json Artifacts/content.pack)
> refuses 3 package-member-missing verify 9.csar --policy policy.json
