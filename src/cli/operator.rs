//! `fenbo operator`: who works at the centre, with which roles.

use super::args::Format;
use super::exit::{Exit, Outcome, Stop};
use super::failing;
use super::output::Table;
use super::session::Session;
use super::{department, wording};
use crate::domain::operator::{Operator, Role, Roles};
use crate::domain::shown::clean_line;
use crate::i18n::failures::Told;
use crate::i18n::{cli, words};
use crate::service::{Access, Centre};
use serde_json::{Value, json};

/// Options of `fenbo operator`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 列出操作员 | lists the operators
    List {
        /// 输出格式 | output format
        #[arg(long, default_value = "text")]
        format: Format,
    },
    /// 添加操作员 | adds an operator
    Add {
        /// 登录名或工号 | the login or staff number
        #[arg(value_name = "CODE")]
        code: String,
        #[command(flatten)]
        form: Form,
    },
    /// 更改操作员；没有写的保持不变 | changes an operator; what is not named stays
    Change {
        /// 登录名或工号 | the login or staff number
        #[arg(value_name = "CODE")]
        code: String,
        #[command(flatten)]
        form: Form,
        /// 重新启用 | makes the operator active again
        #[arg(long)]
        on: bool,
    },
    /// 网关登录：可用 --as 代其他操作员办理的共用登录；不写登录名则列出 | gateway logins: shared logins that may act for other operators with --as; without a login lists them
    Gateway {
        /// 登录名；从此可代他人办理 | the login; from now on it may act for others
        #[arg(value_name = "LOGIN")]
        login: Option<String>,
        /// 取消：从此不再代他人办理 | takes that back: it may no longer
        #[arg(long, requires = "login")]
        off: bool,
    },
    /// 停用操作员；其办理记录保留 | turns an operator off; all that was done stays
    Off {
        /// 登录名或工号 | the login or staff number
        #[arg(value_name = "CODE")]
        code: String,
    },
}

/// What an operator is.
#[derive(Debug, clap::Args)]
struct Form {
    /// 显示的姓名（添加时不写则用登录名或工号） | the name shown (when adding, else the code)
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// 角色，可重复，或用逗号分开：dispatcher 分拨员、shift-lead 值班长、supervisor 督查室、department 承办单位、callback 回访员、auditor 审计、administrator 管理员 | role, may be repeated or given with commas: dispatcher, shift-lead, supervisor, department, callback, auditor, administrator
    #[arg(long = "role", value_name = "ROLE", value_delimiter = ',')]
    roles: Vec<String>,
    /// 角色为 department 的操作员所属的承办单位：代码、名称或别名 | the department an operator with the role department works for: code, name or alias
    #[arg(long, value_name = "DEPARTMENT")]
    department: Option<String>,
}

/// Runs the command.
pub fn run(args: &Args, session: &Session) -> Outcome {
    match &args.what {
        What::List { format } => list(*format, session),
        What::Add { code, form } => put(session, code, |centre, known| {
            if known.is_some() {
                return Err(told(
                    session,
                    code,
                    cli::OPERATOR_KNOWN,
                    cli::CHANGE_OPERATOR,
                ));
            }
            let roles = roles(&form.roles, session)?;
            if form.roles.is_empty() {
                return Err(session.usage(
                    (cli::OPERATOR_NOT_WRITTEN, &[("code", code)]),
                    (cli::OPTION_MISSING, &[("option", "--role")]),
                    (cli::ADD_OPTION, &[("option", "--role")]),
                ));
            }
            Ok(Operator {
                code: code.clone(),
                name: form.name.clone().unwrap_or_else(|| code.clone()),
                roles,
                department: department_of(form, centre, session)?,
                active: true,
            })
        }),
        What::Change { code, form, on } => put(session, code, |centre, known| {
            let known = known.ok_or_else(|| unknown(session, code))?;
            Ok(Operator {
                code: known.code,
                name: form.name.clone().unwrap_or(known.name),
                roles: if form.roles.is_empty() {
                    known.roles
                } else {
                    roles(&form.roles, session)?
                },
                department: department_of(form, centre, session)?.or(known.department),
                active: known.active || *on,
            })
        }),
        What::Gateway { login: None, .. } => gateways(session),
        What::Gateway {
            login: Some(login),
            off,
        } => set_gateway(login, !off, session),
        What::Off { code } => put(session, code, |_, known| {
            let known = known.ok_or_else(|| unknown(session, code))?;
            Ok(Operator {
                active: false,
                ..known
            })
        }),
    }
}

fn list(format: Format, session: &Session) -> Outcome {
    let (centre, _) = session.open(Access::ReadOnly)?;
    let lang = session.lang;
    let all = operators(&centre, session)?;
    let mut out = session.out();
    match format {
        Format::Json => {
            let all: Vec<Value> = all
                .iter()
                .map(|o| {
                    json!({
                        "code": o.code, "name": o.name, "roles": o.roles,
                        "department": o.department, "active": o.active,
                    })
                })
                .collect();
            out.json(&all)?;
        }
        Format::Text => {
            let header = [
                cli::COLUMN_CODE,
                cli::COLUMN_NAME,
                cli::COLUMN_ROLES,
                cli::COLUMN_DEPARTMENT,
                cli::COLUMN_ACTIVE,
            ];
            let mut table = Table::new(&header.map(|text| text.of(lang)));
            for operator in all {
                let roles: Vec<&str> = Vec::<Role>::from(operator.roles)
                    .into_iter()
                    .map(|role| words::role(role).of(lang))
                    .collect();
                let own = operator.department.unwrap_or_default();
                table.row([
                    operator.code,
                    operator.name,
                    roles.join(" "),
                    wording::department(&own, &centre.rules().directory, lang),
                    department::yes(operator.active).of(lang).to_owned(),
                ]);
            }
            out.table(&table)?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn gateways(session: &Session) -> Outcome {
    let (centre, _) = session.open(Access::ReadOnly)?;
    let logins = centre
        .gateways()
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))?;
    let mut out = session.out();
    for login in logins {
        out.line(&clean_line(&login))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn set_gateway(login: &str, on: bool, session: &Session) -> Outcome {
    let values = [("login", login)];
    if login.is_empty() || login.contains(char::is_whitespace) {
        return Err(session.usage(
            (cli::GATEWAY_NOT_WRITTEN, &values),
            (cli::NO_LOGIN, &[]),
            (cli::SEE_HELP, &[("command", "operator")]),
        ));
    }
    let (mut centre, now) = session.open(session.access())?;
    centre
        .set_gateway(login, on, now)
        .map_err(|why| failing::not_done(&why, session))?;
    let text = if on {
        cli::GATEWAY_ON
    } else {
        cli::GATEWAY_OFF
    };
    let mut out = session.out();
    out.line(&text.with(session.lang, &[("login", &clean_line(login))]))?;
    out.finish()?;
    Ok(Exit::Done)
}

/// Writes what `make` makes of the operator known under this code.
fn put(
    session: &Session,
    code: &str,
    make: impl FnOnce(&Centre, Option<Operator>) -> Result<Operator, Stop>,
) -> Outcome {
    let (mut centre, now) = session.open(session.access())?;
    let known = operators(&centre, session)?
        .into_iter()
        .find(|o| o.code == code);
    let operator = make(&centre, known)?;
    centre
        .put_operator(&operator, now)
        .map_err(|why| failing::not_done(&why, session))?;
    let mut out = session.out();
    let values = [("code", operator.code.as_str()), ("name", &operator.name)];
    out.line(&cli::OPERATOR_WRITTEN.with(session.lang, &values))?;
    out.finish()?;
    Ok(Exit::Done)
}

fn operators(centre: &Centre, session: &Session) -> Result<Vec<Operator>, Stop> {
    centre
        .operators()
        .map_err(|failure| Stop::failed(failing::store(&failure, session)))
}

fn roles(names: &[String], session: &Session) -> Result<Roles, Stop> {
    let role = |name: &String| {
        let word = name.trim();
        Role::from_code(word)
            .or_else(|| Role::ALL.into_iter().find(|r| words::role(*r).zh == word))
            .ok_or_else(|| {
                let known = Role::ALL.map(|role| role.code().replace('_', "-"));
                session.usage(
                    (cli::BAD_OPTION, &[("option", "--role"), ("value", name)]),
                    (cli::NO_SUCH_VALUE, &[]),
                    (cli::VALUES_ARE, &[("values", &known.join(" "))]),
                )
            })
    };
    let roles = names.iter().map(role).collect::<Result<Vec<_>, _>>()?;
    Ok(Roles::from(roles))
}

fn department_of(form: &Form, centre: &Centre, session: &Session) -> Result<Option<String>, Stop> {
    let Some(name) = &form.department else {
        return Ok(None);
    };
    let found = centre.rules().directory.find_department(None, name);
    found.map(|d| Some(d.code.clone())).ok_or_else(|| {
        session.usage(
            (
                cli::BAD_OPTION,
                &[("option", "--department"), ("value", name)],
            ),
            (cli::NO_SUCH_DEPARTMENT, &[]),
            (cli::SEE_DEPARTMENTS, &[]),
        )
    })
}

fn unknown(session: &Session, code: &str) -> Stop {
    told(session, code, cli::OPERATOR_UNKNOWN, cli::SEE_OPERATORS)
}

fn told(session: &Session, code: &str, why: crate::i18n::Text, next: crate::i18n::Text) -> Stop {
    Stop::refused(Told::new(
        session.lang,
        (cli::OPERATOR_NOT_WRITTEN, &[("code", code)]),
        (why, &[]),
        (next, &[]),
    ))
}
