# An OCI image layout whose index the publisher has signed: every digest down to the layers is checked, and layers lie over each other.
use packages
needs openssl python3
$ cat >image.py <<'PYTHON'
> # image.py FOLDER [KIND]: an image of two layers for two machines; KIND says what is wrong with it.
> import gzip, hashlib, io, json, pathlib, sys, tarfile
> top, kind = pathlib.Path(sys.argv[1]), (sys.argv[2:] or [""])[0]
> blobs = top / "blobs/sha256"
> blobs.mkdir(parents=True)
> def put(data):
>     digest = hashlib.sha256(data).hexdigest()
>     (blobs / digest).write_bytes(data)
>     return {"digest": "sha256:" + digest, "size": len(data)}
> def layer(entries):
>     out = io.BytesIO()
>     with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
>         for name, content in entries:
>             entry = tarfile.TarInfo(name)
>             entry.mode = 0o755
>             if content is None: entry.type = tarfile.DIRTYPE
>             elif content.startswith("->"): entry.type, entry.linkname = tarfile.SYMTYPE, content[2:]
>             else: entry.size = len(content)
>             tar.addfile(entry, io.BytesIO(content.encode()) if entry.size else None)
>     return out.getvalue()
> def image(architecture, tars):
>     ids = ["sha256:" + hashlib.sha256(tar).hexdigest() for tar in tars]
>     if kind == "diff-id": ids[1] = "sha256:" + "0" * 64
>     if kind == "diff-ids": ids.append(ids[0])
>     config = put(json.dumps({"architecture": "arm64" if kind == "config" else architecture, "os": "linux", "created": "2026-01-01T00:00:00Z", "config": {"Env": ["A=b"]}, "rootfs": {"type": "layers", "diff_ids": ids}}).encode())
>     layers = [put(gzip.compress(tar, mtime=0)) | {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip"} for tar in tars]
>     if kind == "size": layers[0]["size"] += 1
>     if kind == "urls": layers[0]["urls"] = ["https://example.org/layer"]
>     if kind == "media": layers[0]["mediaType"] = "application/vnd.other"
>     manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config | {"mediaType": "application/vnd.oci.image.config.v1+json"}, "layers": layers}
>     if kind == "both": manifest["manifests"] = []
>     if kind == "case": manifest["Layers"] = []
>     return put(json.dumps(manifest).encode()) | {"mediaType": "application/vnd.oci.image.manifest.v1+json", "platform": {"architecture": architecture, "os": "linux"}}
> base = layer([("opt", None), ("opt/app", "one"), ("opt/old", "gone"), ("etc", None), ("etc/conf", "a = 1")])
> over = {"through": [("opt/out", "->/etc"), ("opt/out/x", "x")], "absolute": [("/etc/passwd", "x")], "up": [("opt/.wh...", "")], "here": [("opt/.wh..", "")]}.get(kind, [("opt/app", "two"), ("opt/.wh.old", "")])
> manifests = [image("amd64", [base, layer(over)]), image("arm64", [base, layer([("arm", "x")])])]
> if kind == "one-machine": manifests[0]["platform"]["architecture"] = "arm64"
> (top / "oci-layout").write_text(json.dumps({"imageLayoutVersion": "2.0.0" if kind == "version" else "1.0.0"}))
> nested = put(json.dumps({"schemaVersion": 2, "manifests": manifests}).encode()) | {"mediaType": "application/vnd.oci.image.index.v1+json"}
> (top / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [nested]}))
> PYTHON
> cat >make.sh <<'SH'
> image() { rm -rf "$1" && python3 image.py "$@" && openssl dgst -sha256 -sign key -out index.sig "$1/index.json"; }
> wrap() { sallyport package build --wrap "$1" --signature index.sig --publisher-key key.pub --architecture x86_64 --name app --version 1.0 --product demo --counter 1 "${@:2}"; }
> refused() { refuses "$1" "$2" package build --wrap "$3" --signature index.sig --publisher-key key.pub --architecture x86_64 --name app --version 1.0 --product demo --counter 1 -o none.csar && [ ! -e none.csar ]; }
> SH
> openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key && openssl pkey -in key -pubout -out key.pub
> . ./make.sh && image good && wrap good -o app.csar
stdout 'Built app.csar: 2 files'
stdout 'index.json, signed by ECDSA P-256'
$ . ./make.sh && wrap good -o again.csar >/dev/null && cmp app.csar again.csar && sallyport package sign app.csar --key file:release.key --cert release.pem >/dev/null && sallyport verify app.csar --policy policy.json
stdout 'index.json (oci), signed by ECDSA P-256'
$ sallyport inspect app.csar
stdout 'originals/blobs/sha256/'
stdout 'originals/oci-layout'
# The same in one archive, which is signed itself; the tree is the same.
$ tar -C good -cf image.tar oci-layout index.json blobs && openssl dgst -sha256 -sign key -out image.sig image.tar
$ archived() { sallyport package build --wrap "$1" --image --signature "${2:-image.sig}" --publisher-key key.pub --architecture x86_64 --name app --version 1.0 --product demo --counter 1 -o "${@:3}"; }
> archived image.tar image.sig archive.csar && sallyport package sign archive.csar --key file:release.key --cert release.pem >/dev/null && sallyport diff app.csar archive.csar && sallyport inspect archive.csar
stdout 'originals/image.tar'
! stdout 'originals/blobs'
$ cp -r good twisted && for b in twisted/blobs/sha256/*; do printf x >>"$b"; done && tar -C twisted -cf twisted.tar oci-layout index.json blobs && openssl dgst -sha256 -sign key -out twisted.sig twisted.tar
> refuses 3 publisher-signature-invalid package build --wrap twisted.tar --image --signature twisted.sig --publisher-key key.pub --architecture x86_64 --name app --version 1 --product demo --counter 1 -o none.csar
> refuses 3 publisher-signature-invalid package build --wrap twisted.tar --image --signature image.sig --publisher-key key.pub --architecture x86_64 --name app --version 1 --product demo --counter 1 -o none.csar
> ln -s index.json good/link && tar -C good -cf link.tar . && rm good/link && openssl dgst -sha256 -sign key -out link.sig link.tar
> refuses 3 archive-malformed package build --wrap link.tar --image --signature link.sig --publisher-key key.pub --architecture x86_64 --name app --version 1 --product demo --counter 1 -o none.csar
# A layer that was exchanged, cut, or is not there; a document likewise.
$ . ./make.sh && built=0 && for blob in good/blobs/sha256/*; do
>   cp "$blob" kept && printf x | dd of="$blob" bs=1 seek=3 conv=notrunc 2>/dev/null
>   if wrap good -o other.csar >/dev/null 2>&1; then built=$((built + 1)) && rm other.csar; else refused 3 publisher-signature-invalid good || exit 1; fi
>   mv kept "$blob"
> done && echo "$built of $(ls good/blobs/sha256 | wc -l) are of no concern"
| 3 of 8 are of no concern
$ . ./make.sh && echo ' ' >>good/index.json && refused 3 publisher-signature-invalid good
$ . ./make.sh && for one in diff-id:archive-malformed diff-ids:archive-malformed size:publisher-signature-invalid urls:archive-malformed media:archive-malformed both:archive-malformed case:archive-malformed up:archive-malformed here:archive-malformed version:archive-malformed through:archive-malformed absolute:archive-malformed; do image bad "${one%:*}" && refused 3 "${one#*:}" bad || { echo "$one"; exit 1; }; done
$ . ./make.sh && image bad config && refused 2 usage-error bad && image bad one-machine && refused 2 usage-error bad
# A machine by the name that images have for it, one that no image is for, and one that this image is not for.
$ . ./make.sh && image good && for machine in amd64 sparc any s390x; do refuses 2 usage-error package build --wrap good --signature index.sig --publisher-key key.pub --architecture "$machine" --name app --version 1.0 --product demo --counter 1 -o none.csar && grep -o '"expected":"[^}]*","effect"' refusal.json || exit; done
| "expected":"for an image, as uname -m calls it: x86_64, aarch64, i686, ppc64le, riscv64, s390x","found":"amd64, which is called x86_64 here","effect"
| "expected":"for an image, as uname -m calls it: x86_64, aarch64, i686, ppc64le, riscv64, s390x","found":"sparc","effect"
| "expected":"for an image, as uname -m calls it: x86_64, aarch64, i686, ppc64le, riscv64, s390x","found":"any","effect"
| "expected":"one image for linux on s390x (--architecture)","found":"0 (there are: aarch64, x86_64)","effect"
# Pinned by a digest, as registries name an image: that of its manifest, of an index above it, or of index.json. Nobody has to have signed it.
$ cat >>make.sh <<'SH'
> of() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["manifests"][int(sys.argv[2])]["digest"])' "$@"; }
> pinned() { sallyport package build --wrap "$1" --digest "$2" --architecture x86_64 --name app --version 1.0 --product demo --counter 1 "${@:3}"; }
> unpinned() { refuses "$1" "$2" package build --wrap "$3" --digest "$4" --architecture x86_64 --name app --version 1.0 --product demo --counter 1 "${@:5}" -o none.csar && [ ! -e none.csar ]; }
> SH
> . ./make.sh && image good && nested=$(of good/index.json 0) && manifest=$(of "good/blobs/sha256/${nested#*:}" 0) && arm=$(of "good/blobs/sha256/${nested#*:}" 1) && echo "$nested $manifest $arm" >digests
> for digest in "$nested" "$manifest" "sha256:$(sha256sum good/index.json | cut -d' ' -f1)"; do pinned good "$digest" -o pinned.csar && sallyport package sign pinned.csar --key file:release.key --cert release.pem >/dev/null && sallyport verify pinned.csar --policy policy.json && sallyport diff app.csar pinned.csar && rm pinned.csar || exit 1; done
stdout 'pinned by its digest, '
stdout '(oci), pinned by its digest, '
! stdout 'signed by ECDSA'
$ . ./make.sh && read -r nested manifest arm <digests && pinned good "$manifest" -o pinned.csar >/dev/null && sallyport inspect pinned.csar
! stdout 'index.json'
stdout 'digest '
$ . ./make.sh && read -r nested manifest arm <digests && unpinned 2 usage-error good "$arm" && unpinned 2 usage-error good "${manifest#*:}" && unpinned 2 usage-error good sha256:abc && cp -r good worse && blob="worse/blobs/sha256/${manifest#*:}" && printf ' ' >>"$blob" && unpinned 3 publisher-signature-invalid worse "$manifest" && unpinned 3 publisher-signature-invalid worse "$nested" && rm "$blob" && unpinned 2 file-missing worse "$manifest" && unpinned 2 usage-error app.csar "$manifest"
# Beside a signature it has to be on the way; of an archive it is that of the file.
$ . ./make.sh && read -r nested manifest arm <digests && wrap good --digest "$manifest" -o both.csar >/dev/null && unpinned 3 publisher-signature-invalid good "$arm" --signature index.sig --publisher-key key.pub && pinned image.tar "sha256:$(sha256sum image.tar | cut -d' ' -f1)" --image -o archive2.csar
stdout 'image.tar, pinned by its digest'
$ . ./make.sh && read -r nested manifest arm <digests && unpinned 3 publisher-signature-invalid image.tar "$manifest" --image
# Signed by cosign's rules with a key: a manifest of signatures beside the image, a text that says which image it is about.
$ cat >cosign.py <<'PYTHON'
> # cosign.py FOLDER DIGEST KEY [KIND]: a signature of this image, put beside it; KIND says what is wrong with it.
> import base64, hashlib, json, pathlib, subprocess, sys
> top, digest, key = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
> kind = (sys.argv[4:] or [""])[0]
> def put(data, media, **more):
>     name = hashlib.sha256(data).hexdigest()
>     (top / "blobs/sha256" / name).write_bytes(data)
>     return {"mediaType": media, "digest": "sha256:" + name, "size": len(data)} | more
> critical = {"identity": {"docker-reference": "registry.example/app"}, "image": {"docker-manifest-digest": digest}, "type": "cosign container image signature"}
> if kind == "about-another": critical["image"]["docker-manifest-digest"] = "sha256:" + "0" * 64
> if kind == "type": critical["type"] = "atomic container signature"
> if kind == "critical": critical["expires"] = 1
> payload = json.dumps({"critical": critical, "optional": None}).encode()
> signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=payload, capture_output=True, check=True).stdout
> if kind == "changed": payload = payload.replace(b"registry.example", b"registry.elsewhe")
> text = base64.b64encode(signature).decode()
> layer = put(payload, "application/vnd.dev.cosign.simplesigning.v1+json", annotations={"dev.cosignproject.cosign/signature": "=" if kind == "base64" else text})
> if kind == "no-annotation": del layer["annotations"]
> if kind == "media": layer["mediaType"] = "application/vnd.oci.image.layer.v1.tar"
> layers = [layer]
> if kind == "second": layers.insert(0, put(b"{}", layer["mediaType"], annotations={"dev.cosignproject.cosign/signature": text}))
> config = put(b"{}", "application/vnd.oci.image.config.v1+json")
> manifest = put(json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": layers}).encode(), "application/vnd.oci.image.manifest.v1+json")
> index = json.loads((top / "index.json").read_text())
> index["manifests"].append(manifest | {"annotations": {"org.opencontainers.image.ref.name": digest.replace(":", "-") + ".sig"}})
> (top / "index.json").write_text(json.dumps(index))
> PYTHON
> cat >>make.sh <<'SH'
> cosign() { rm -rf "$1" && python3 image.py "$1" && python3 cosign.py "$1" "$2" "${3:-key}" "${@:4}"; }
> signed() { sallyport package build --wrap "$1" --publisher-key "${2:-key.pub}" --architecture x86_64 --name app --version 1.0 --product demo --counter 1 "${@:3}"; }
> unsigned() { refuses "$1" "$2" package build --wrap "$3" --publisher-key "${4:-key.pub}" --architecture x86_64 --name app --version 1.0 --product demo --counter 1 "${@:5}" -o none.csar && [ ! -e none.csar ]; }
> SH
> . ./make.sh && read -r nested manifest arm <digests && for digest in "$nested" "$manifest"; do cosign co "$digest" && signed co key.pub -o co.csar && sallyport package sign co.csar --key file:release.key --cert release.pem >/dev/null && sallyport verify co.csar --policy policy.json && sallyport diff app.csar co.csar && rm co.csar || exit 1; done
stdout ', signed by ECDSA P-256, key '
stdout '(oci), signed by ECDSA P-256'
$ . ./make.sh && read -r nested manifest arm <digests && cosign co "$nested" key second && signed co key.pub --digest "$nested" -o co.csar >/dev/null && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out stranger && openssl pkey -in stranger -pubout -out stranger.pub && unsigned 3 publisher-signature-invalid co stranger.pub && unsigned 3 publisher-signature-missing co key.pub --digest "$manifest" && unsigned 2 usage-error co acme-ca.pem && image plain && unsigned 3 publisher-signature-missing plain
$ . ./make.sh && read -r nested manifest arm <digests && for one in about-another:publisher-signature-invalid changed:publisher-signature-invalid base64:publisher-signature-invalid no-annotation:publisher-signature-missing media:publisher-signature-missing type:archive-malformed critical:archive-malformed; do cosign co "$nested" key "${one%:*}" && unsigned 3 "${one#*:}" co || { echo "$one"; exit 1; }; done
# Signed is what the digest names: exchanging it, or signing another image of the layout, changes what is wrapped or nothing.
$ . ./make.sh && read -r nested manifest arm <digests && cosign co "$nested" && printf ' ' >>"co/blobs/sha256/${nested#*:}" && unsigned 3 publisher-signature-invalid co && cosign co "$arm" && unsigned 2 usage-error co && cosign co "$nested" && python3 cosign.py co "$manifest" key && unsigned 2 usage-error co && signed co key.pub --digest "$manifest" -o co2.csar
stdout 'signed by ECDSA P-256'
