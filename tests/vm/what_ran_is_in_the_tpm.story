# IMA by the exported policy: what is executed from the node's file system stands in the kernel's list of measurements by the very
# digest that the vendor signed, and the list's end in the TPM (`node gate export --ima`); the node tells which generation each entry
# is of (`node gate measurements`).
use services
needs qemu-system-x86_64 qemu-img swtpm fsverity root
$ guest start
$ guest run 'sallyport node init --root /var/lib/sallyport --policy policy.json --node node-1 --pool pool-1
> sallyport node gate export --ima --root /var/lib/sallyport >/run/policy'
$ guest run 'sed s/$(blkid -s UUID -o value /dev/vdc)/UUID/ /run/policy'
| measure func=BPRM_CHECK fsuuid=UUID digest_type=verity template=ima-ngv2
| measure func=MMAP_CHECK fsuuid=UUID digest_type=verity template=ima-ngv2
$ guest run 'cat /run/policy >/sys/kernel/security/ima/policy; cat /sys/class/tpm/tpm0/pcr-sha256/10 >/run/before'
$ guest run 'sallyport node install 1.csar --verdict 1.verdict --order 1.order --root /var/lib/sallyport >/dev/null'
$ fsverity digest tree/bin/sleep | cut -d ' ' -f 1 >signed
$ guest run 'cut -d " " -f 3,4 /sys/kernel/security/ima/ascii_runtime_measurements' >measured
$ grep -cx "ima-ngv2 verity:$(cat signed)" measured
| 1
$ guest run 'cmp -s /run/before /sys/class/tpm/tpm0/pcr-sha256/10'
[exit 1]

# All of it is of the release, and the list is the one that the TPM has.
$ guest run 'sallyport node gate measurements --root /var/lib/sallyport --json | tee /run/compared'
json .result.measured[0].standing "may-run"
json .result.measured[0].generations [1]
json .result.others 1
$ guest run 'grep -o "pcr_10\":\"[0-9a-f]*" /run/compared | cut -d \" -f 3 | tr a-f A-F | cmp - /sys/class/tpm/tpm0/pcr-sha256/10'

# What was never frozen has no such digest, and is told apart by that.
$ guest run 'cp /bin/true /var/lib/sallyport/stray; /var/lib/sallyport/stray
> grep " /var/lib/sallyport/stray$" /sys/kernel/security/ima/ascii_runtime_measurements || true' >stray
$ grep -c verity:sha256: stray
[exit 1]
| 0

# Frozen by somebody else, it is measured, and of no generation.
$ guest run 'fsverity enable /var/lib/sallyport/stray; /var/lib/sallyport/stray
> sallyport node gate measurements --root /var/lib/sallyport --json'
[exit 3]
json .error.code "gate-measurement-unlisted"
json .error.where "/var/lib/sallyport/stray"
