# Nothing is left out on a node that runs a service and was upgraded, with a scanner, an intake key and a package with EICAR.
use service
$ installs 2 && clamd_here && cp -r tree infected && "$REPO/tools/demo/hide_eicar" infected/tools.tar.gz && package infected infected 9
> sallyport evidence run --root node -o evidence --clamd clamd/clamd.sock --intake-key file:intake.key --malware-package infected.csar
stdout ' 0 failed, 0 not run'
stdout 'PASS     RAV.'
stdout 'PASS     RI-3.'
$ sallyport node stop --root node >/dev/null
