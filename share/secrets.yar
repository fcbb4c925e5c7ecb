// SPDX-License-Identifier: Apache-2.0
// What a package must not bring along: private keys, passwords, access tokens. Whoever has the package has them.
// Each rule asks for the secret itself, not for its name alone: programs that read keys have the names in them.

rule private_key_pem
{
    strings:
        $key = /-----BEGIN ((RSA|DSA|EC|OPENSSH|ENCRYPTED) )?PRIVATE KEY-----\r?\n([A-Za-z-]{1,40}: [^\r\n]{1,100}\r?\n){0,4}(\r?\n)?[A-Za-z0-9+\/=]{24}/
    condition:
        $key
}

rule private_key_openpgp
{
    strings:
        $key = /-----BEGIN PGP PRIVATE KEY BLOCK-----\r?\n([A-Za-z-]{1,40}: [^\r\n]{1,100}\r?\n){0,4}(\r?\n)?[A-Za-z0-9+\/=]{24}/
    condition:
        $key
}

rule private_key_putty
{
    strings:
        $key = /PuTTY-User-Key-File-[23]: [a-z0-9-]{3,40}\r?\n/
        $lines = /Private-Lines: [0-9]{1,4}\r?\n[A-Za-z0-9+\/=]{24}/
    condition:
        $key and $lines
}

// PKCS #8, DER: SEQUENCE, version 0, the algorithms rsaEncryption, id-ecPublicKey or Ed25519.
rule private_key_der
{
    strings:
        $rsa = { 30 82 ?? ?? 02 01 00 30 0D 06 09 2A 86 48 86 F7 0D 01 01 01 05 00 04 82 }
        $ec = { 30 (?? | 81 ??) 02 01 00 30 (10 | 13) 06 07 2A 86 48 CE 3D 02 01 06 (05 | 08) }
        $ed25519 = { 30 2E 02 01 00 30 05 06 03 2B 65 70 04 22 04 20 }
    condition:
        $rsa at 0 or $ec at 0 or $ed25519 at 0
}

rule cloud_access_key
{
    strings:
        $aws = /aws_secret_access_key["']?[ \t]{0,8}[=:][ \t]{0,8}["']?[A-Za-z0-9\/+]{40}/ nocase
        $azure = /AccountKey=[A-Za-z0-9+\/]{86}==/
        $google = /"private_key_id": {0,4}"[0-9a-f]{40}"/
    condition:
        any of them
}

rule access_token
{
    strings:
        $github = /\bgh[pousr]_[A-Za-z0-9]{36}\b/
        $github_fine = /\bgithub_pat_[A-Za-z0-9_]{82}\b/
        $gitlab = /\bglpat-[A-Za-z0-9_-]{20}\b/
        $slack = /\bxox[abprs]-[0-9]{6,20}-[0-9A-Za-z-]{20,200}/
        $npm = /_authToken=npm_[A-Za-z0-9]{36}\b/
    condition:
        any of them
}

rule password_netrc
{
    strings:
        $line = /(^|\n)machine[ \t]{1,8}[A-Za-z0-9.-]{1,200}[ \t\n]{1,8}login[ \t]{1,8}[!-~]{1,200}[ \t\n]{1,8}password[ \t]{1,8}[!-~]{1,200}\r?\n/
    condition:
        $line
}

// Lines of shadow(5) and htpasswd files.
rule password_hash
{
    strings:
        $crypt = /(^|\n)[A-Za-z0-9._-]{1,32}:\$(1|5|6|7|y|gy|2[aby]|apr1)\$[A-Za-z0-9.\/$,=]{20,200}(:|\r?\n)/
        $sha = /(^|\n)[A-Za-z0-9._-]{1,32}:\{SHA\}[A-Za-z0-9+\/]{27}=\r?\n/
    condition:
        any of them
}
