# RAV: packages are checked for malware, and the verdict is a precondition of approval.
use installed
$ clamd_here
# Clean: a signed verdict, on which an order can rest.
$ sallyport intake submit 2.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o again.verdict
stdout 'clean'
$ sallyport verify again.verdict --policy policy.json
stdout 'a genuine verdict'

# Malware (the EICAR test file in a ZIP in a tar archive): no clean verdict, no order, no installation.
$ cp -r tree infected && "$REPO/tools/demo/hide_eicar" infected/tools.tar.gz && package bad infected 4
$ refuses 3 malware-found intake submit bad.csar --policy policy.json --key file:intake.key --clamd clamd/clamd.sock -o bad.verdict
$ cat refusal.json
stdout 'tools.tar.gz'
$ sallyport intake show bad.verdict --policy policy.json
stdout 'not-clean'
$ refuses 3 verdict-not-clean deploy propose bad.csar --verdict bad.verdict --policy policy.json --pool pool-1 \
>   --as alice --key file:alice.key -o bad.order
# Nor with another package's verdict, or none of an authorised intake.
$ refuses 3 verdict-other-package deploy propose bad.csar --verdict 2.verdict --policy policy.json --pool pool-1 \
>   --as alice --key file:alice.key -o bad.order
$ cp 2.order bad.order && refuses_install 3 verdict-not-clean bad
$ cp 2.verdict bad.verdict && refuses_install 3 verdict-other-package bad
$ tamper payload 2.verdict bad.verdict && cp 2.csar bad.csar && refuses_install 3 verdict-signature-invalid bad
$ installs 2 && active
| 2
