//! A key that is taken for a file of names and values. In base64 it can end like a name without a
//! value, and a message that repeats the name repeats the key.

use crate::program::{Ran, Run, program};

fn import(text: &str, empty: &str) -> Ran {
    program(&format!(
        "import - -R acme/website --dry-run --offline --empty {empty}"
    ))
    .run(text)
}

#[test]
fn a_key_or_a_piece_of_one_is_no_name_and_is_not_repeated() {
    for text in [
        // The last line of a wrapped key, after its first one.
        "KEY=MIIEvQIBADANBgkq\nAbCdEf==\n",
        "KEY=MIIEvQIBADANBgkq\nABCDEFG=\n",
        "KEY=JBSWY3DPEHPK3PXP\nJBSWY3A=\n",
        // One line, with every number of padding characters.
        "c2VjcmV0IGtleSBvZiB0aGUgY29tcGFueQ==\n",
        "c2VjcmV0IGtleSBvZiB0aGUgY29tcGFueSE=\n",
        "BBBBCCCC=",
        "BBBBCCCC=\n",
        "bbbbcccc=\n",
        "12345678=\n",
        "BBBBCCCC==\n",
        "BBBBCCCCDD======\n",
        "BBBBCCC= \n",
        "BBBBCCC= # the key\n",
        "# the key\n\nBBBBCCCC=\n",
        "export BBBBCCCC=\n",
        "AQ==\n",
        // More lines than one, of which none has a value.
        "BBBBCCCC=\nDDDDEEEE=\n",
        "BBBBCCCC=\nDB_PASSWORD=\n",
        // Among lines that are no names and values.
        "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nBBBBCCCC=\n-----END KEY-----\n",
        "A=1\nBBBBCCCCDDDDEEEE\nBBBBCCCC=\n",
        "ssh-rsa BBBBCCCC\nBBBBCCCC=\nA=1\n",
        // What no name looks like, in a file of names and values.
        "A=1\nBBBBCCCC==\n",
        "A=1\nBBBBCCCCDD======\n",
        "A=1\nJBSWY3DPEHPK3PXP=\n",
        "A=1\nAbCdEfG=\n",
    ] {
        for empty in ["store", "skip", "refuse"] {
            let ran = import(text, empty);
            assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{text:?}: {ran}");
            assert!(ran.stderr.contains("can be a key in base64"), "{ran}");
            let pieces = text.split(|c: char| !c.is_ascii_alphanumeric());
            for piece in pieces.filter(|piece| piece.len() >= 7 && *piece != "PASSWORD") {
                assert!(!ran.to_string().contains(piece), "{text:?}: {ran}");
            }
        }
    }
}

#[test]
fn names_that_are_written_as_names_mostly_are_can_be_empty() {
    for (text, members) in [
        (
            "DEBUG=\nAPI_KEY=\nNEXT_PUBLIC_URL=\nmy_key=\nAWS_ID=AKIAIOSFODNN7EXAMPLE\nEMPTY=\n",
            6,
        ),
        (
            "PASSWORD=\nAUTHORIZATION=\nOAUTH2TOKEN=\nexport SMTPUSER=\nA=1\n",
            5,
        ),
        ("BBBBCCCC=''\n", 1),
        ("A=$\nPASSWORD='='\n", 0),
        ("EMPTY=\n", 1),
        ("DB_PASSWORD=\nDB_USER=\n", 2),
    ] {
        let ran = import(text, "store");
        if members > 0 {
            assert_eq!(
                (ran.code, ran.rows().len()),
                (0, members),
                "{text:?}: {ran}"
            );
        }
        assert!(!ran.stderr.contains("base64"), "{text:?}: {ran}");
    }
}
