//! A parser for GraphQL queries of repositories by their names, and of the token's user.

use serde_json::{Map, Value};

/// `alias: object { … }`
pub(crate) struct Selection {
    pub(crate) alias: String,
    pub(crate) object: Object,
}

/// What is asked for. Each field comes with its alias.
pub(crate) enum Object {
    /// `repository(owner: "…", name: "…") { … }`
    Repository {
        owner: String,
        name: String,
        fields: Vec<(String, Field)>,
    },
    /// `viewer { login }`
    Viewer { logins: Vec<String> },
}

/// A field of a repository.
pub(crate) enum Field {
    DatabaseId,
    Id,
    Name,
    NameWithOwner,
}

#[derive(Debug, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Variable(String),
    Mark(char),
}

/// Parses a query, or says what in it is not understood.
pub(crate) fn parse(query: &str, variables: &Map<String, Value>) -> Result<Vec<Selection>, String> {
    let mut parser = Parser {
        tokens: tokens(query)?.into_iter().peekable(),
        variables,
    };
    parser.query()
}

struct Parser<'a> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    variables: &'a Map<String, Value>,
}

impl Parser<'_> {
    fn query(&mut self) -> Result<Vec<Selection>, String> {
        if matches!(self.tokens.peek(), Some(Token::Name(_))) {
            self.keyword("query")?;
            let _name = self.tokens.next_if(|it| matches!(it, Token::Name(_)));
            if self.tokens.next_if_eq(&Token::Mark('(')).is_some() {
                // The types of the variables.
                while self.tokens.next_if(|it| *it != Token::Mark(')')).is_some() {}
                self.mark(')')?;
            }
        }
        self.mark('{')?;
        let mut selections = Vec::new();
        while self.tokens.next_if_eq(&Token::Mark('}')).is_none() {
            selections.push(self.selection()?);
        }
        match self.tokens.next() {
            None if selections.is_empty() => Err("it selects nothing".to_owned()),
            None => Ok(selections),
            Some(token) => Err(unexpected(Some(&token))),
        }
    }

    fn selection(&mut self) -> Result<Selection, String> {
        let (alias, field) = self.aliased()?;
        let object = match field.as_str() {
            "repository" => self.repository()?,
            "viewer" => Object::Viewer {
                logins: self.fields(Self::login)?,
            },
            other => return Err(format!("{other} is not repository or viewer")),
        };
        Ok(Selection { alias, object })
    }

    fn repository(&mut self) -> Result<Object, String> {
        let (mut owner, mut name) = (None, None);
        self.mark('(')?;
        while self.tokens.next_if_eq(&Token::Mark(')')).is_none() {
            let argument = self.name()?;
            self.mark(':')?;
            let value = Some(self.value()?);
            match argument.as_str() {
                "owner" => owner = value,
                "name" => name = value,
                other => return Err(format!("{other} is not an argument of repository")),
            }
        }
        let fields = self.fields(Self::field)?;
        Ok(Object::Repository {
            owner: owner.ok_or("repository needs an owner")?,
            name: name.ok_or("repository needs a name")?,
            fields,
        })
    }

    fn fields<T>(
        &mut self,
        field: impl Fn(&mut Self) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        self.mark('{')?;
        let mut fields = Vec::new();
        while self.tokens.next_if_eq(&Token::Mark('}')).is_none() {
            fields.push(field(self)?);
        }
        Ok(fields)
    }

    /// Parses a field of the user, of which there is one, and returns its alias.
    fn login(&mut self) -> Result<String, String> {
        let (alias, name) = self.aliased()?;
        if name == "login" {
            Ok(alias)
        } else {
            Err(format!("{name} is not login"))
        }
    }

    fn field(&mut self) -> Result<(String, Field), String> {
        let (alias, name) = self.aliased()?;
        let field = match name.as_str() {
            "databaseId" => Field::DatabaseId,
            "id" => Field::Id,
            "name" => Field::Name,
            "nameWithOwner" => Field::NameWithOwner,
            other => {
                return Err(format!(
                    "{other} is not databaseId, id, name or nameWithOwner"
                ));
            }
        };
        Ok((alias, field))
    }

    /// Parses `alias: name`, or a name that is its own alias.
    fn aliased(&mut self) -> Result<(String, String), String> {
        let first = self.name()?;
        if self.tokens.next_if_eq(&Token::Mark(':')).is_some() {
            Ok((first, self.name()?))
        } else {
            Ok((first.clone(), first))
        }
    }

    fn value(&mut self) -> Result<String, String> {
        match self.tokens.next() {
            Some(Token::Text(text)) => Ok(text),
            Some(Token::Variable(name)) => match self.variables.get(&name) {
                Some(Value::String(text)) => Ok(text.clone()),
                _ => Err(format!("the variable ${name} is not text")),
            },
            token => Err(unexpected(token.as_ref())),
        }
    }

    fn name(&mut self) -> Result<String, String> {
        match self.tokens.next() {
            Some(Token::Name(name)) => Ok(name),
            token => Err(unexpected(token.as_ref())),
        }
    }

    fn keyword(&mut self, word: &str) -> Result<(), String> {
        match self.name()? {
            name if name == word => Ok(()),
            name => Err(format!("{name} is not {word}")),
        }
    }

    fn mark(&mut self, mark: char) -> Result<(), String> {
        match self.tokens.next() {
            Some(Token::Mark(found)) if found == mark => Ok(()),
            token => Err(unexpected(token.as_ref())),
        }
    }
}

fn unexpected(token: Option<&Token>) -> String {
    match token {
        None => "it ends early".to_owned(),
        Some(Token::Name(name)) => format!("{name} is unexpected"),
        Some(Token::Text(text)) => format!("{text:?} is unexpected"),
        Some(Token::Variable(name)) => format!("${name} is unexpected"),
        Some(Token::Mark(mark)) => format!("{mark} is unexpected"),
    }
}

fn tokens(query: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = query;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        rest = match first {
            ',' | '\u{feff}' => after,
            _ if first.is_whitespace() => after,
            '#' => after.trim_start_matches(|c| c != '\n' && c != '\r'),
            '"' => {
                let (text, after) = string(rest)?;
                tokens.push(Token::Text(text));
                after
            }
            '$' if after.starts_with(is_name) => {
                let (name, after) = split_name(after);
                tokens.push(Token::Variable(name.to_owned()));
                after
            }
            _ if is_name(first) => {
                let (name, after) = split_name(rest);
                tokens.push(Token::Name(name.to_owned()));
                after
            }
            mark => {
                tokens.push(Token::Mark(mark));
                after
            }
        };
    }
    Ok(tokens)
}

/// Reads the string that a text begins with. Its escapes are those of JSON.
fn string(text: &str) -> Result<(String, &str), String> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<String>();
    match values.next() {
        Some(Ok(string)) => Ok((string, &text[values.byte_offset()..])),
        _ => Err("a string is malformed".to_owned()),
    }
}

fn split_name(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c| !is_name(c)).unwrap_or(text.len()))
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
