# Officers are replaced by the officers before and the officers after, and a node that was away follows step by step.
needs root
use repository
$ web_here repo && syncs --pin first-root.json >/dev/null && cp -a node away
# officer-3 goes, officer-4 comes: two of the old ones and two of the new ones have to sign.
$ first_root 2 server officer-4 officer-1 officer-2
> refuses 3 tuf-signatures-missing deploy publish --repository repo --key file:server.key
$ sallyport policy sign policy.json --repository repo --key file:officer-1.key >/dev/null
> refuses 3 tuf-signatures-missing deploy publish --repository repo --key file:server.key
$ sallyport policy sign policy.json --repository repo --key file:officer-2.key >/dev/null && publish && syncs
stdout 'root 2'
# The revoked officer signs nothing any more.
$ refuses 6 person-key-mismatch policy sign policy.json --repository repo --key file:officer-3.key
# Three roots later, a node that has only seen the first one comes along.
$ for round in 1 2 3; do
>   first_root 2 server officer-1 officer-2 officer-4
>   sallyport policy sign policy.json --repository repo --key file:officer-2.key >/dev/null
>   publish
> done
> rm -r node && mv away node && syncs
stdout 'root 5'
