//! What `fenbo notices` says.

crate::i18n::texts! {
    /// They go out.
    ON = "告知已启用：语言 {lang}，进度页面 {url}", "notices go out: language {lang}, progress page {url}";
    /// They do not.
    OFF = "告知未启用；用 fenbo notices on --url 地址 启用", "no notices go out; have them go out with fenbo notices on --url ADDRESS";
    /// A rate.
    ACCEPTED = "受理告知率 {n}/{of} {share}", "told of the acceptance {n}/{of} {share}";
    /// A rate.
    REPLIED = "办理告知率 {n}/{of} {share}", "told of the answer {n}/{of} {share}";
}
