//! Files that cannot be imported. Whatever is wrong with them, nothing is sent. What is wrong with
//! JSON is in `import_json.rs`.

use std::{io::Write, process::Stdio};

use crate::{
    assert_ran,
    program::{Ran, Run, program},
};

/// Imports this from standard input. There is no server: nothing can be sent.
pub(crate) fn import(content: &str) -> Ran {
    program("import - --repo acme/website --dry-run --offline").run(content)
}

#[test]
fn everything_that_is_wrong_is_said_at_once_with_its_line() {
    let ran = import(
        "# comment\n\
         A=1\n\
         \n\
         B=\"several\nlines\"\n\
         A=2\n\
         C=a b\n\
         my-key=x\n\
         9TH=x\n\
         GITHUB_TOKEN=x\n\
         just words\n\
         a=3\n",
    );

    assert_ran!(ran, @"
    exit code 1
    [stderr]
    error: standard input has faults, and nothing was sent:
      line 6: A is given on line 2 already; remove one of them
      line 7: C has a space or a control character outside quotes; put the whole value in single quotes, where every character stands for itself
      line 8: the secret's name has '-' at position 3; use only the letters A to Z, digits and underscores
      line 9: the secret's name begins with a digit; begin it with a letter or an underscore
      line 10: the secret's name begins with GITHUB_, a prefix reserved by GitHub; choose another
      line 11: this is not of the form NAME=value; quote a value of several lines
      line 12: a is the same name as A on line 2, since GitHub ignores case; remove one of them
    ");
}

#[test]
fn a_value_that_parsers_read_differently_is_refused() {
    let ran = import(
        "DOLLAR=pa$word\n\
         BRACES=\"${HOME}\"\n\
         BACKSLASH=C:\\new\n\
         ESCAPE=\"C:\\new\\users\"\n\
         HASH=abc#def\n\
         COLOR=#ffffff\n\
         APOSTROPHE=it's\n\
         AFTER=\"a\"b\n\
         CONCATENATED='a''b'\n\
         BACKTICK=`a`\n\
         TAB=a\tb\n",
    );

    assert_ran!(ran, @r#"
    exit code 1
    [stderr]
    error: standard input has faults, and nothing was sent:
      line 1: DOLLAR has a $ that many programs expand as a variable; put the whole value in single quotes, where every character stands for itself
      line 2: BRACES has a $ that many programs expand as a variable; put it into a JSON file, or use `set` with --value-file
      line 3: BACKSLASH has a \ outside quotes; put the whole value in single quotes, where every character stands for itself
      line 4: ESCAPE has a \ that programs read in different ways, except in \n; put the whole value in single quotes, where every character stands for itself
      line 5: HASH has a # that some programs take for a comment; put the whole value in single quotes, where every character stands for itself
      line 6: COLOR has a # that some programs take for a comment; put the whole value in single quotes, where every character stands for itself
      line 7: APOSTROPHE has a quotation mark in an unquoted value; put it into a JSON file, or use `set` with --value-file
      line 8: AFTER has text after the closing quotation mark; put the whole value in single quotes, where every character stands for itself
      line 9: CONCATENATED has text after the closing quotation mark; put it into a JSON file, or use `set` with --value-file
      line 10: BACKTICK has a quotation mark in an unquoted value; put the whole value in single quotes, where every character stands for itself
      line 11: TAB has a space or a control character outside quotes; put the whole value in single quotes, where every character stands for itself
    "#);
}

#[test]
fn a_quotation_that_does_not_end_is_named_by_the_line_that_it_begins_in() {
    let single = import("A=1\n\nB='two\nthree\n");
    let double = import("A=\"ends with an escape\\\"\n");

    assert_ran!(single, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 3: B has a quotation that does not end
    ");
    assert_ran!(double, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 1: A has a quotation that does not end
    ");
}

#[test]
fn a_key_that_was_pasted_without_quotes_is_not_repeated() {
    let mut text = String::from("TLS_KEY=-----BEGIN PRIVATE KEY-----\n");
    for _ in 0..30 {
        text.push_str("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n");
    }
    text.push_str("hunter2==\n");

    let ran = import(&text);

    assert_ran!(ran, @"
    exit code 1
    [stderr]
    error: standard input has faults, and nothing was sent:
      line 1: TLS_KEY has a space or a control character outside quotes; put the whole value in single quotes, where every character stands for itself
      line 2: this is not of the form NAME=value; quote a value of several lines
      line 32: this can be a key in base64, or a piece of one; quote a value of several lines, use `set` with --value-file for a file that is one value, and write '' for an empty value
    ");
    assert!(!ran.to_string().contains("MIIE"));
}

#[test]
fn text_in_another_encoding_is_named_by_its_line() {
    let latin = bytes(b"A=1\nB=gr\xfc\xdfe\n");
    let utf_16 = bytes(b"\xff\xfeA\0=\x001\0");
    let json = bytes(b"{\n\"A\": \"\xff\"}");

    assert_ran!(latin, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 2: the text is not UTF-8
    ");
    assert_ran!(utf_16, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 1: the text is UTF-16; save it as UTF-8
    ");
    assert_ran!(json, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 2: the text is not UTF-8
    ");
}

fn bytes(content: &[u8]) -> Ran {
    let mut command = program("import - --repo acme/website --dry-run --offline");
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(content).unwrap();
    Ran::new(child.wait_with_output().unwrap())
}

#[test]
fn a_value_larger_than_github_accepts_is_named() {
    let ran = import(&format!("A=1\nB={}\n", "x".repeat(50_000)));

    assert_ran!(ran, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 2: the value of B has 50000 bytes; GitHub accepts at most 49104
    ");
}

#[test]
fn a_file_that_holds_nothing_is_an_error() {
    let empty = import("");
    let comments = import("# nothing\n\n");
    let object = import("{}");
    let skipped = program("import - -R acme/website --dry-run --offline --empty skip").run("A=\n");

    assert_ran!(empty, @"
    exit code 1
    [stderr]
    error: standard input holds no secrets to import
    ");
    for ran in [comments, object, skipped] {
        assert_eq!(ran.to_string(), empty.to_string());
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named_but_not_content_in_its_place() {
    let missing =
        program("import no-such-file.env --repo acme/website --dry-run --offline").run("");
    let folder = program("import / --repo acme/website --dry-run --offline").run("");
    let content = program("import A=hunter2 --repo acme/website --dry-run --offline").run("");

    assert_ran!(missing, @"
    exit code 1
    [stderr]
    error: the file to import cannot be read: No such file or directory (os error 2)
    ");
    assert_ran!(folder, @"
    exit code 1
    [stderr]
    error: / cannot be read: Is a directory (os error 21)
    ");
    assert_ran!(content, @"
    exit code 1
    [stderr]
    error: the file to import cannot be read: No such file or directory (os error 2)
    ");
}

#[test]
fn escapes_and_characters_that_parsers_read_differently_are_refused() {
    let escapes = import(
        "T1=\"tab\\tend\"\nT2=\"quote\\\"in\"\nT3=\"back\\\\slash\"\nT4=\"dollar\\$sign\"\n\
         T5=\"{\\\"k\\\":\\\"v\\\"}\"\nT6=\"end\\\"\"\nT7=\"cr\\rx\"\n",
    );
    assert_eq!(escapes.code, 1);
    assert_eq!(
        escapes
            .stderr
            .matches("programs read in different ways")
            .count(),
        7,
        "{escapes}"
    );

    let single = import("REGEX='^\\\\d+$'\nDIR='C:\\build\\'\nHOME_DIR='${HOME}'\n");
    assert_ran!(single, @r"
    exit code 1
    [stderr]
    error: standard input has faults, and nothing was sent:
      line 1: REGEX has \\ or a last \ between single quotes, which some programs take for an escape; put it into a JSON file, or use `set` with --value-file
      line 2: DIR has \\ or a last \ between single quotes, which some programs take for an escape; put it into a JSON file, or use `set` with --value-file
      line 3: HOME_DIR has a ${ that some programs replace between single quotes too; put it into a JSON file, or use `set` with --value-file
    ");

    let json = import("KEY={\"type\":\"service_account\"}\n");
    let quoted = import("KEY=\"{\"type\":\"service_account\"}\"\n");
    for ran in [json, quoted] {
        assert!(
            ran.stderr.contains("put the whole value in single quotes"),
            "{ran}"
        );
    }
    let taken = import("KEY='{\"type\":\"service_account\"}'\n");
    assert_eq!(taken.code, 0, "{taken}");

    let characters = import("A=\"x\ry\"\nB=abc\u{feff}\nC=\"a\r\nb\"\nD=x\ry\n");
    assert_ran!(characters, @"
    exit code 1
    [stderr]
    error: standard input has faults, and nothing was sent:
      line 1: A has a CR without LF, which some programs take for the end of the line; save the file with one kind of line ends
      line 2: B has a byte order mark (U+FEFF) that some programs remove; delete it
      line 3: C has a line that ends with CR LF, unlike others of the file; let all lines end alike
      line 5: D has a CR without LF, which some programs take for the end of the line; save the file with one kind of line ends
    ");
}

#[test]
fn a_comment_in_the_place_of_a_value_is_refused_whatever_is_done_with_empty_ones() {
    for empty in ["skip", "store", "refuse"] {
        let ran = program(&format!(
            "import - -R acme/website --dry-run --offline --empty {empty}"
        ))
        .run("KEY=   # fill this in\nOTHER=x\n");
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{empty}: {ran}");
        assert!(
            ran.stderr
                .contains("line 1: KEY has a comment where some programs expect"),
            "{ran}"
        );
    }
}

#[test]
fn names_are_left_out_with_whatever_their_lines_hold() {
    let text = "A=1\nGITHUB_TOKEN=x\nmy-key=x\nB=a b\nC='several\nlines'\nD=4\n";
    let import = "import - -R acme/website --dry-run --offline";

    let ran = program(&format!(
        "{import} --skip github_token --skip my-key --skip B --skip C"
    ))
    .run(text);
    let json = program(&format!("{import} --skip GITHUB_TOKEN --skip n"))
        .run(r#"{"A": "1", "GITHUB_TOKEN": "x", "N": 8080}"#);
    let unused = program(&format!("{import} --skip A --skip DB_PASWORD")).run("A=1\nB=2\n");

    assert_eq!(
        ran.rows(),
        [["would set", "A", "1 byte"], ["would set", "D", "1 byte"]],
        "{ran}"
    );
    assert_eq!(json.rows(), [["would set", "A", "1 byte"]], "{json}");
    assert_ran!(unused, @"
    exit code 1
    [stderr]
    error: name 2 of --skip is not in the file, and nothing was sent
    ");
}

#[test]
fn a_byte_order_mark_before_the_file_is_left_out_with_a_word() {
    let ran = import("\u{feff}A=1\n");

    assert_ran!(ran, @"
    exit code 0
    [stdout]
    would set→A→1 byte
    [stderr]
    the byte order mark of standard input is left out
    would import 1 secret into the Actions secrets of the repository acme/website; the file alone was checked, and nothing was sent
    ");
}

#[test]
fn a_large_file_of_faults_or_of_members_is_read_in_linear_time_and_little_memory() {
    // As many lines as would take minutes if each were searched for from the beginning.
    let members: Vec<_> = (0..80_000)
        .map(|index| format!("\"N_{index}\":\"v\""))
        .collect();
    let json = import(&format!("{{{}}}", members.join(",\n")));
    assert_eq!((json.code, json.rows().len()), (0, 80_000));

    let faults = import(&"A=$\n".repeat(1_000_000));
    assert_eq!(faults.code, 1);
    assert_eq!(faults.stderr.lines().count(), 22, "{faults}");
    assert!(faults.stderr.ends_with("  and 999980 more\n"), "{faults}");
}

#[test]
fn what_ends_a_comment_or_a_name_for_some_programs_only_is_refused() {
    let separator = import("A=1 # one\u{2028}B=2\n");
    let carriage_return = import("# one\rB=2\n");
    let export = import("export  A=1\n");
    let joined = import("\n \n# A=1\n");

    let comment = "which ends the comment for some programs; remove it";
    assert!(separator.stderr.contains(comment), "{separator}");
    assert!(
        carriage_return.stderr.contains(comment),
        "{carriage_return}"
    );
    assert!(
        export.stderr.contains("two spaces after export"),
        "{export}"
    );
    assert!(joined.stderr.contains("remove its spaces"), "{joined}");
    for ran in [separator, carriage_return, export, joined] {
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    }
}
