# Output is plain text: no escape sequences, whatever the terminal says, also when names of a package try.
use packages
needs script
$ TERM=xterm-256color script -qec 'sallyport verify 1.csar --policy policy.json; sallyport node status --root nowhere || true' typescript >/dev/null
> grep -c $'\x1b' typescript || true
| 0
$ mkdir evil && printf x >$'evil/\xe2\x80\xaename' && refuses 3 input-refused package build --from evil --name demo --version 4 \
>   --product demo --counter 4 -o new.csar
> cat refusal.json refusal.err | grep -c $'\xe2\x80\xae' || true
| 0
$ sallyport explain $'\x1b[31mred' 2>err || true; grep -c $'\x1b' err || true
| 0
