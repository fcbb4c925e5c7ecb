# A03, A04, J02: every part of what a node is given, one bit changed; and then the same without the change.
use installed
$ sallyport node install $(install_args 2) --dry-run >/dev/null
$ for part in TOSCA-Metadata/TOSCA.meta demo.yaml Files/sbom.cdx.json Artifacts/tree.json Artifacts/content.pack; do
>   tamper flip 2.csar "$part" bad.csar && twin 2 bad && refuses_install 3 member-digest-mismatch bad
> done
$ tamper flip 2.csar manifest bad.csar && refuses_install 3 signature-invalid bad
$ tamper flip 2.csar signature bad.csar && refuses_install 3 signature-invalid bad
$ head -c -1 2.csar >bad.csar && refuses_install 3 truncated bad
$ head -c 3000 2.csar >bad.csar && refuses_install 3 truncated bad
$ : >bad.csar && refuses_install 3 zip-malformed bad
$ { echo before; cat 2.csar; } >bad.csar && refuses_install 3 zip-bytes-unaccounted bad
$ cp 2.csar bad.csar && tamper payload 2.verdict bad.verdict && refuses_install 3 verdict-signature-invalid bad
$ twin 2 bad && tamper payload 2.order bad.order && refuses_install 3 order-signature-invalid bad
$ twin 2 bad && cp 3.verdict bad.verdict && refuses_install 3 verdict-other-package bad
# Somebody else's package, and none at all.
$ refuses 2 file-missing node install /dev/zero --verdict 2.verdict --order 2.order --root node
$ refuses 2 file-missing node install nothing.csar --verdict 2.verdict --order 2.order --root node
# What was refused lies in the quarantine, under its digest, for its owner alone.
$ tamper flip 2.csar Artifacts/content.pack bad.csar && digest=$(sha256sum bad.csar | cut -d' ' -f1)
> twin 2 bad && refuses_install 3 member-digest-mismatch bad && cmp bad.csar node/quarantine/$digest.csar
> stat -c %a node/quarantine/$digest.csar
| 600
# J02: who holds the given file open for writing changes nothing of what was checked: the node works on a copy of its own.
$ exec 7<>2.csar && installs 2 && printf 'other bytes' >&7 && ! sallyport verify 2.csar --policy policy.json >/dev/null 2>&1
> sallyport node fsck --root node >/dev/null && active
| 2
