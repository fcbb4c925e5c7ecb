# What is published is what every node will take: by the server's key that the officers named, and all of it or nothing.
use repository
$ cp -a repo before && for key in officer-1 server-2; do refuses 6 repository-key-unknown deploy publish --repository repo --key file:$key.key || exit 1; done
> diff -r before repo
# Another package than the order's is never taken for it, also where that one is there already, and leaves nothing behind.
$ for n in 1 2; do refuses 3 order-other-package deploy publish --repository repo --key file:server.key --package 3.csar --verdict $n.verdict --order $n.order || exit 1; done
> ls repo/targets/packages | wc -l
| 1
# A root that enough officers have signed does not go out alone, when something else is refused.
$ first_root 2 server-2 officer-1 officer-2 officer-4 && sallyport policy sign policy.json --repository repo --key file:officer-2.key >/dev/null
> rm -r before && cp -a repo before && refuses 6 repository-key-unknown deploy publish --repository repo --key file:server.key
> refuses 3 order-other-verdict deploy publish --repository repo --key file:server-2.key --verdict 1.verdict --order 2.order
> diff -r before/metadata repo/metadata && diff -r before/staged repo/staged
$ publish 2 server-2 && ls repo/staged && ls repo/metadata/2.root.json
| online.pem
| repo/metadata/2.root.json
# Cut short after the root was written, the next call ends it.
$ cp repo/metadata/2.root.json repo/staged/root.json && publish 3 server-2 && ls repo/staged
| online.pem
