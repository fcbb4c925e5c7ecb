# F16: metadata that expires between fetching and installing, or between an installation that was cut short and the one that ends it,
# takes nothing from what was approved: it is finished, and never half there.
use repository
needs root strace
$ web_here repo && for n in 2 3; do rm $n.order && order $n --sequence $n --until "$(in_days 20)"; done
> publish 2 && publish 3 && syncs --pin first-root.json >/dev/null
> faketime -f +9d sallyport node sync "$(cat url)" --root node
[exit 4]
stderr 'tuf-expired'
$ faketime -f +9d sallyport node install $(install_args 2) >/dev/null && active
| 2
# Cut short while it was current, finished when it is not any more.
$ strace -qq -f -o /dev/null -e inject=syncfs:signal=KILL:when=1 sallyport node install $(install_args 3) >/dev/null 2>&1 || true; active
| 2
$ faketime -f +9d sallyport node install $(install_args 3) >/dev/null && active && faketime -f +9d sallyport node fsck --root node >/dev/null
| 3
