# The server's keys authorise nothing: whoever steals them can delay, and officers end it.
needs root
needs faketime
use repository
$ web_here repo && syncs --pin first-root.json >/dev/null && cp -a repo before
# A thief pushes the versions ahead, so that nothing honest is newer.
$ touch repo/metadata/99999.snapshot.json && publish && syncs
stdout 'snapshot 100000'
$ web_gone && rm -r repo && cp -a before repo && web_here repo && publish && publish
> refuses 7 tuf-rollback node sync "$(cat url)" --root node
# The officers name a new key. Loss of every online key is mended the same way.
$ rm server.key && first_root 2 server-2 officer-1 officer-2 officer-3
> sallyport policy sign policy.json --repository repo --key file:officer-2.key >/dev/null && publish 2 server-2 && syncs
stdout 'root 2, snapshot 4'
stdout 'Order 2: demo 2 is here.'
# An older state of the same server is no current one, and a state that is never renewed is noticed.
$ web_gone && mv repo newer && cp -a before repo && web_here repo
> refuses 3 tuf-signatures-missing node sync "$(cat url)" --root node
$ web_gone && rm -r repo && mv newer repo && web_here repo
> faketime -f +8d sallyport node sync "$(cat url)" --root node
[exit 4]
stderr 'tuf-expired'
