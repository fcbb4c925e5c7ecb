# Whatever is given instead of a file is named at once; nothing is waited for.
use packages
$ mkfifo pipe
$ timeout 10 sallyport package build --deb pipe --name x --version 1 --product demo --counter 1 -o x.csar
[exit 2]
stderr 'file-missing'
$ timeout 10 sallyport package build --deb missing.deb --name x --version 1 --product demo --counter 1 -o x.csar
[exit 2]
stderr 'file-missing'
$ timeout 10 sallyport verify pipe --policy policy.json
[exit 2]
$ timeout 10 sallyport verify 1.csar --policy /dev/zero
[exit 2]
$ ln -s loop loop
$ timeout 10 sallyport verify loop --policy policy.json
[exit 2]
stderr 'file-missing'
$ truncate -s 4T large
$ timeout 10 sallyport verify 1.csar --policy large
[exit 3]
stderr 'file-too-large'
$ timeout 10 sallyport verify large --policy policy.json
[exit 3]
