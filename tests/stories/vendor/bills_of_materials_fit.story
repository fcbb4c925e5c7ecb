# A bill of materials is held against what the package holds, both ways.
use packages
$ cat >sbom.py <<'PYTHON'
> import hashlib, json, pathlib, sys
> form, *changes = sys.argv[1:]
> files = {str(p.relative_to("tree")): p.read_bytes() for p in sorted(pathlib.Path("tree").rglob("*")) if p.is_file()}
> for change in changes: exec(change)
> sha = lambda b: hashlib.sha256(b).hexdigest()
> if form == "cyclonedx":
>     doc = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
>         {"type": "library", "name": "libdemo", "version": "1.2", "purl": "pkg:generic/libdemo@1.2", "licenses": [{"license": {"id": "MIT"}}]}]
>         + [{"type": "file", "name": "/" + n, "hashes": [{"alg": "SHA-256", "content": sha(b)}]} for n, b in files.items()]}
> else:
>     doc = {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "packages": [{"name": "libdemo", "SPDXID": "SPDXRef-P", "versionInfo": "1.3",
>         "licenseConcluded": "MIT", "hasFiles": ["SPDXRef-%d" % i for i in range(len(files))]}], "files": [
>         {"SPDXID": "SPDXRef-%d" % i, "fileName": "./" + n, "checksums": [{"algorithm": "SHA256", "checksumValue": sha(b)}]}
>         for i, (n, b) in enumerate(files.items())]}
> json.dump(doc, sys.stdout)
> PYTHON
$ edited policy.json 'p["sources"][0]["sbom"] = "required"' >asking.json && mv asking.json policy.json && sallyport policy show policy.json
stdout 'bill of materials: required, and every file in it'
# One that fits, of either standard.
$ python3 sbom.py cyclonedx >cdx.json && package 4 tree 4 --sbom cdx.json && unzip -p 4.csar Files/sbom.cdx.json | cmp - cdx.json
> sallyport verify 4.csar --policy policy.json
stdout 'bill of materials CycloneDX 1.6, 1 components, files named 3 times, and it fits'
$ python3 sbom.py spdx >spdx.json && package 5 tree 4 --sbom spdx.json && unzip -p 5.csar Files/sbom.spdx.json | cmp - spdx.json
> sallyport verify 5.csar --policy policy.json
stdout 'bill of materials SPDX 2.3, 1 components, files named 3 times, and it fits'
$ sallyport inspect 5.csar
stdout 'component    libdemo 1.3, MIT'
stdout 'fits         every file of the release, and no other'
$ sallyport inspect 5.csar --json
stdout '{"name":"component","value":"libdemo 1.3, MIT"}'
# One that does not is refused where it would go in.
$ refused() { refuses 3 "$1" package build --from tree --name demo --version 6 --product demo --counter 4 --sbom bad.json -o 6.csar; }
> python3 sbom.py cyclonedx 'files["bin/demo"] = b""' >bad.json && refused sbom-digest-mismatch
> python3 sbom.py spdx 'files["bin/other"] = b""' >bad.json && refused sbom-file-missing
> python3 sbom.py spdx 'del files["etc/demo.conf"]' >bad.json && refused sbom-file-unlisted
> echo '{"bomFormat":"CycloneDX","specVersion":"1.7"}' >bad.json && refused sbom-malformed
# Components without files: shown as that, and not enough where one is required.
$ python3 sbom.py cyclonedx 'files = {}' >components.json && package 7 tree 4 --sbom components.json && sallyport inspect 7.csar
stdout 'CycloneDX 1.6, 1 components, names components only'
$ refuses 4 sbom-missing verify 7.csar --policy policy.json
$ refuses 4 sbom-missing verify 1.csar --policy policy.json
# What changed between two.
$ sallyport diff 4.csar 5.csar
[exit 10]
stdout 'component libdemo'
$ sallyport diff 1.csar 7.csar --full
[exit 10]
stdout 'component pkg:generic/libdemo'
$ sallyport diff 4.csar 5.csar --json
[exit 10]
stdout '{"kind":"added","subject":"component libdemo","property":"whole","before":"","after":"libdemo 1.3, MIT"}'
# Who signed is one of the things that change.
$ sallyport package sign 4.csar --key file:zeta.key --cert zeta.pem -o other.csar >/dev/null && sallyport diff 4.csar other.csar
[exit 10]
stdout 'package: signers CN=acme release, issued by CN=acme root'
stdout 'CN=zeta release, issued by CN=zeta root'
