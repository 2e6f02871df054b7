//! A first mapping for a file nobody has mapped yet: fields guessed by the usual names of columns, the rest listed to choose from.
//!
//! Start at [`starter`].

use std::fmt::Write as _;

/// The usual names of columns, by field; compared without case, spaces and underscores.
const USUAL: &[(&str, &[&str])] = &[
    (
        "external_no",
        &[
            "工单编号",
            "工单号",
            "受理编号",
            "留言编号",
            "事件编号",
            "诉求编号",
            "案件编号",
            "编号",
            "流水号",
            "recid",
            "srnumber",
            "servicerequestid",
            "requestid",
            "casenumber",
            "ticketno",
            "uniquekey",
            "number",
            "no",
            "id",
        ],
    ),
    ("source_id", &["来源编号", "eventsrcid", "sourceid"]),
    (
        "source",
        &[
            "诉求来源",
            "来源",
            "信息来源",
            "eventsrcname",
            "source",
            "requestsource",
        ],
    ),
    (
        "channel",
        &["受理渠道", "渠道", "channel", "openchanneltype"],
    ),
    (
        "created_at",
        &[
            "建单时间",
            "创建时间",
            "登记时间",
            "受理时间",
            "来电时间",
            "留言时间",
            "诉求时间",
            "上报时间",
            "createtime",
            "createddate",
            "createdat",
            "created",
            "opened",
            "opendate",
            "requesteddatetime",
            "date",
            "时间",
            "日期",
        ],
    ),
    (
        "closed_at",
        &[
            "办结时间",
            "结案时间",
            "完成时间",
            "closeddate",
            "closedat",
            "closed",
            "closetime",
        ],
    ),
    (
        "nature",
        &[
            "诉求性质",
            "诉求类型",
            "性质",
            "eventpropertyname",
            "nature",
        ],
    ),
    (
        "category",
        &[
            "大类",
            "一级分类",
            "诉求大类",
            "eventtypename",
            "category",
            "servicename",
            "requesttype",
            "casetype",
            "complainttype",
            "分类",
            "类别",
        ],
    ),
    (
        "category_2",
        &[
            "中类",
            "二级分类",
            "maintypename",
            "subcategory",
            "descriptor",
        ],
    ),
    ("category_3", &["小类", "三级分类", "subtypename"]),
    ("street_id", &["街道编号", "streetid"]),
    (
        "street",
        &["街道", "镇街", "所属街道", "streetname", "street"],
    ),
    ("community_id", &["社区编号", "communityid"]),
    (
        "community",
        &[
            "社区",
            "所属社区",
            "村居",
            "communityname",
            "community",
            "neighborhood",
        ],
    ),
    (
        "address",
        &[
            "地址",
            "事发地址",
            "详细地址",
            "发生地址",
            "occurplace",
            "address",
            "location",
            "incidentaddress",
        ],
    ),
    (
        "title",
        &[
            "标题",
            "主题",
            "留言主题",
            "诉求标题",
            "title",
            "subject",
            "summary",
        ],
    ),
    (
        "content",
        &[
            "内容",
            "诉求内容",
            "留言详情",
            "详情",
            "事件描述",
            "问题描述",
            "content",
            "description",
            "details",
            "text",
        ],
    ),
    (
        "requester_name",
        &[
            "诉求人",
            "姓名",
            "联系人",
            "留言用户",
            "来电人",
            "name",
            "requester",
            "username",
        ],
    ),
    (
        "requester_phone",
        &[
            "电话",
            "联系电话",
            "手机",
            "手机号",
            "来电号码",
            "phone",
            "telephone",
            "mobile",
        ],
    ),
    ("requester_email", &["邮箱", "电子邮件", "email", "mail"]),
    (
        "requester_address",
        &["联系地址", "通讯地址", "homeaddress"],
    ),
    (
        "department_id",
        &["承办单位编号", "disposeunitid", "departmentid", "agencyid"],
    ),
    (
        "department",
        &[
            "承办单位",
            "主办单位",
            "处置部门",
            "承办部门",
            "责任单位",
            "disposeunitname",
            "department",
            "agency",
            "agencyname",
            "agencyresponsible",
            "owner",
        ],
    ),
    ("latitude", &["纬度", "latitude", "lat"]),
    ("longitude", &["经度", "longitude", "long", "lng", "lon"]),
    (
        "outcome",
        &["状态", "工单状态", "办理状态", "status", "state"],
    ),
];

/// A mapping file for columns such as these, to be looked through and put among the centre's own.
///
/// It can be read as it stands. What could not be guessed stands at its end as a comment.
pub fn starter(columns: &[String]) -> String {
    let guesses = guesses(columns);
    let of = |field: &str| {
        guesses
            .iter()
            .find(|(known, _)| *known == field)
            .map(|(_, column)| column.as_str())
    };
    let mut out = String::from(
        "name = \"mine\"\ntitle = \"\"\nzone = \"+08:00\"\nunknown = [\"-\"]\nignore = []\n\n[match]\n",
    );
    let header: Vec<String> = match guesses.as_slice() {
        [] => columns
            .iter()
            .filter(|column| !column.is_empty())
            .map(|column| quoted(column))
            .collect(),
        known => known.iter().map(|(_, column)| quoted(column)).collect(),
    };
    // Writing to a String cannot fail.
    let _ = writeln!(out, "header = [{}]\n\n[fields]", header.join(", "));
    let levels: Vec<String> = ["category", "category_2", "category_3"]
        .into_iter()
        .filter_map(of)
        .map(quoted)
        .collect();
    for (field, _) in USUAL
        .iter()
        .filter(|(field, _)| !matches!(*field, "outcome" | "category_2" | "category_3"))
    {
        if *field == "category" && !levels.is_empty() {
            let _ = writeln!(out, "category = [{}]", levels.join(", "));
        } else if let Some(column) = of(field) {
            let _ = writeln!(out, "{field} = {}", quoted(column));
        }
    }
    if of("source").is_none() && of("source_id").is_none() {
        out.push_str("source = { default = \"import\" }\n");
    }
    if let Some(column) = of("outcome") {
        let _ = writeln!(
            out,
            "\n# running, on_time, late, closed: add a line for each value of the column.\n\
             [fields.outcome]\ncolumn = {}\nvalues = {{ \"办结\" = \"closed\", \"Closed\" = \"closed\", \"在办\" = \"running\", \"Open\" = \"running\" }}",
            quoted(column)
        );
    }
    let left: Vec<&String> = columns
        .iter()
        .filter(|column| !column.is_empty() && !guesses.iter().any(|(_, known)| known == *column))
        .collect();
    if !left.is_empty() {
        out.push_str("\n# Not mapped; kept with each ticket unless named in ignore:\n");
        for column in left {
            let _ = writeln!(out, "#   {}", quoted(column));
        }
    }
    out
}

/// Each field with the column that bears its commonest name; a column serves one field.
fn guesses(columns: &[String]) -> Vec<(&'static str, String)> {
    let mut guesses: Vec<(&'static str, String)> = Vec::new();
    for (field, names) in USUAL {
        let found = names.iter().find_map(|name| {
            columns.iter().find(|column| {
                plain(column) == *name && !guesses.iter().any(|(_, taken)| taken == *column)
            })
        });
        if let Some(column) = found {
            guesses.push((field, column.clone()));
        }
    }
    guesses
}

fn plain(column: &str) -> String {
    column
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A TOML string on one line; JSON's escapes are TOML's, but for the delete character.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::Mapping;
    use proptest::prelude::*;

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn usual_names_are_guessed_in_both_languages() {
        let text = starter(&columns(&[
            "工单编号",
            "创建时间",
            "大类",
            "小类",
            "承办单位",
            "诉求内容",
            "满意度",
        ]));
        for line in [
            "external_no = \"工单编号\"",
            "created_at = \"创建时间\"",
            "category = [\"大类\", \"小类\"]",
            "department = \"承办单位\"",
            "content = \"诉求内容\"",
            "#   \"满意度\"",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        let text = starter(&columns(&[
            "Case Number",
            "Created_Date",
            "Status",
            "Weird \"one\"",
        ]));
        assert!(
            text.contains("external_no = \"Case Number\"")
                && text.contains("created_at = \"Created_Date\"")
        );
        assert!(text.contains("column = \"Status\""));
    }

    proptest! {
        #[test]
        fn a_starter_is_always_a_mapping(names in proptest::collection::vec("((?s).{0,8}|status|编号|标题)", 0..8)) {
            let text = starter(&names);
            prop_assert!(Mapping::parse(&text, "starter").is_ok(), "{}", text);
        }
    }
}
