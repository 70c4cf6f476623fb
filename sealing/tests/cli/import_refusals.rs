//! Files that cannot be imported. Whatever is wrong with them, nothing is sent.

use std::{io::Write, process::Stdio};

use crate::{
    assert_ran,
    program::{Ran, Run, file, program},
};

/// Imports this from standard input. There is no server: nothing can be sent.
fn import(content: &str) -> Ran {
    program("import - --repo acme/website --dry-run").run(content)
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
      line 7: C has a space or a control character outside quotes; put the value in quotes
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
      line 1: DOLLAR has a $ that many programs replace by a variable; put the value in single quotes, or write \$ between double quotes
      line 2: BRACES has a $ that many programs replace by a variable; put the value in single quotes, or write \$ between double quotes
      line 3: BACKSLASH has a \ outside quotes; put the value in single quotes
      line 4: ESCAPE has a \ that is not part of \n, \r, \t, \", \$ or \\; put the value in single quotes
      line 5: HASH has a # that some programs take for a comment; put the value in quotes
      line 6: COLOR has a # that some programs take for a comment; put the value in quotes
      line 7: APOSTROPHE has a quotation mark in an unquoted value; put the whole value in quotes
      line 8: AFTER has text after the closing quotation mark; put the whole value in quotes
      line 9: CONCATENATED has text after the closing quotation mark; put the whole value in quotes
      line 10: BACKTICK has a quotation mark in an unquoted value; put the whole value in quotes
      line 11: TAB has a space or a control character outside quotes; put the value in quotes
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
      line 1: TLS_KEY has a space or a control character outside quotes; put the value in quotes
      line 2: this is not of the form NAME=value; quote a value of several lines
    ");
    assert!(!ran.to_string().contains("MIIE"));
}

#[test]
fn json_of_another_shape_is_refused() {
    let array = import("\n [\"hunter2\"]");
    let nested = import(
        "{\n  \"A\": \"1\",\n  \"B\": {\"C\": \"hunter2\"},\n  \"D\": 8080,\n  \"E\": null,\n  \"F\": true,\n  \"G\": [],\n  \"h-i\": \"x\"\n}",
    );
    let twice = import("{\n  \"A\": \"1\",\n  \"a\": \"2\",\n  \"A\": \"3\"\n}");
    let cut = import("{\n  \"A\": \"hunter2");
    let comma = import("{\n  \"A\": \"hunter2\"\n  \"B\": \"2\"\n}");
    let surrogate = import("{\"A\": \"\\ud800\"}");
    let after = import("{\"A\": \"1\"}\n{\"B\": \"2\"}");

    assert_ran!(array, @r#"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 2: the JSON is an array; it has to be an object such as {"NAME": "value"}
    "#);
    assert_ran!(nested, @"
    exit code 1
    [stderr]
    error: standard input has faults, and nothing was sent:
      line 3: the value of B is an object; it has to be a string
      line 4: the value of D is a number; it has to be a string
      line 5: the value of E is null; it has to be a string
      line 6: the value of F is a boolean; it has to be a string
      line 7: the value of G is an array; it has to be a string
      line 8: the secret's name has '-' at position 2; use only the letters A to Z, digits and underscores
    ");
    assert_ran!(twice, @"
    exit code 1
    [stderr]
    error: standard input has faults, and nothing was sent:
      line 3: a is the same name as A on line 2, since GitHub ignores case; remove one of them
      line 4: A is given on line 2 already; remove one of them
    ");
    assert_ran!(cut, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 2: the JSON is not valid at column 15: EOF while parsing a string
    ");
    assert_ran!(comma, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 3: the JSON is not valid at column 3: expected `,` or `}`
    ");
    assert_ran!(surrogate, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 1: the value of A has an escape that is no character
    ");
    assert_ran!(after, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 2: the JSON is not valid at column 1: trailing characters
    ");
}

#[test]
fn a_json_file_is_known_by_its_name_too() {
    let path = file("string.json", "\"hunter2\"");

    let ran = program(&format!("import {path} --repo acme/website --dry-run")).run("");

    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("line 1: the JSON is a string"), "{ran}");
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
    let mut command = program("import - --repo acme/website --dry-run");
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
    let skipped = program("import - -R acme/website --dry-run --empty skip").run("A=\n");

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
    let missing = program("import no-such-file.env --repo acme/website --dry-run").run("");
    let folder = program("import / --repo acme/website --dry-run").run("");
    let content = program("import A=hunter2 --repo acme/website --dry-run").run("");

    assert_ran!(missing, @"
    exit code 1
    [stderr]
    error: no-such-file.env cannot be read: No such file or directory (os error 2)
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
