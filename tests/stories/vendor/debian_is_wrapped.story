# A package of Debian, fetched by apt and verified down from Debian's own key: with real lists, real signatures, real scripts.
use packages
needs root apt-get gpgv
patience 900
$ download() { apt-get -qq -o APT::Sandbox::User=root download openssh-server; } && [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] && { download || { apt-get -qq update && download; }; }
$ deb=$(ls openssh-server_*.deb) && sum=$(sha256sum "$deb" | cut -d' ' -f1) && found= &&
> for list in $(apt-get indextargets --format '$(FILENAME)' 'Created-By: Packages'); do
>   /usr/lib/apt/apt-helper cat-file "$list" >Packages
>   if grep -q "^SHA256: $sum" Packages; then found=$list; break; fi
> done
> [ -n "$found" ] && cp "${found%%_main_*}_InRelease" InRelease && mv "$deb" ssh.deb
$ sallyport package build --wrap ssh.deb --release InRelease --packages Packages --publisher-key /usr/share/keyrings/debian-archive-keyring.gpg --name ssh --version 1 --product demo --counter 1 -o ssh.csar
stdout 'signed by Debian'
stdout 'ssh.deb: config, postinst, postrm, preinst, prerm'
$ sallyport package sign ssh.csar --key file:release.key --cert release.pem >/dev/null && sallyport verify ssh.csar --policy policy.json
stdout 'ssh.deb (deb), signed by Debian'
