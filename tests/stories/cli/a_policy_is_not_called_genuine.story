# A policy file bears no signature: `verify` calls it genuine only where it is the very one that was given to go by.
use packages
$ sallyport verify policy.json --policy policy.json | tail -n +2 | head -1
|   policy       byte for byte the one to go by
$ sed 's/Operator X/Mallory/' policy.json >forged.json; sallyport verify forged.json --policy policy.json
[exit 4]
stderr 'policy-mismatch'
