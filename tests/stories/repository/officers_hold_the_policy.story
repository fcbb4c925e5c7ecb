# No policy becomes current without a threshold of officers, and no server key can change it.
needs root
use repository
$ web_here repo && syncs --pin first-root.json >/dev/null
> sed 's/"version": 1/"version": 2/' policy.json >policy-2.json
> sallyport policy sign policy-2.json --repository repo --key file:officer-1.key
stdout 'Signed targets, version 2: 1 signatures, 2 are needed.'
$ refuses 3 tuf-signatures-missing deploy publish --repository repo --key file:server.key
# The same officer again is no second one; the server's key and a stranger's are no officers'.
$ sallyport policy sign policy-2.json --repository repo --key file:officer-1.key >/dev/null
> refuses 3 tuf-signatures-missing deploy publish --repository repo --key file:server.key
$ refuses 6 person-key-mismatch policy sign policy-2.json --repository repo --key file:server.key
$ refuses 6 person-key-mismatch policy sign policy-2.json --repository repo --key file:officer-4.key
# What the server changes by itself is noticed.
$ cp -a repo captured && sed -i 's/"expires"/"expired"/' captured/staged/targets.json
> refuses 3 tuf-malformed deploy publish --repository captured --key file:server.key
$ sallyport policy sign policy-2.json --repository repo --key file:officer-3.key >/dev/null && publish && syncs
stdout 'version 2, not adopted'
stdout 'policy-quorum-missing'
