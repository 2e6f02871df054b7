//! Charts as SVG elements inside the HTML: plain shapes and words, no script, colours from the page's style.
//!
//! A chart says nothing that a table does not; it is named so for those who do not see it.

use super::document::Chart;
use super::html::escaped;
use super::put;
use crate::domain::assessment::Rate;

/// Width of every chart, in its own units.
const WIDTH: u64 = 720;
/// Room for names beside bars.
const NAMES: u64 = 220;
/// Room for numbers behind bars.
const NUMBERS: u64 = 150;
/// A bar's share of the height.
const ROW: u64 = 20;
/// Height of a trend's columns.
const COLUMNS: u64 = 120;
/// Names under a trend, at most.
const LABELS: usize = 13;
/// Columns of a trend that bear their numbers, at most.
const NUMBERED: usize = 31;
/// Characters of a name, counting wide ones twice, at most.
const LONGEST: usize = 34;

/// The chart, if there is anything to draw.
pub(super) fn draw(chart: &Chart) -> Option<String> {
    match chart {
        Chart::Bars(bars) => drawn_bars(bars),
        Chart::Trend(points) => trend(points),
        Chart::Rates(rates) => drawn_rates(rates),
    }
}

fn begin(out: &mut String, height: u64) {
    put(
        out,
        format_args!("<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-hidden=\"true\">\n"),
    );
}

fn label(out: &mut String, x: u64, y: u64, anchor: &str, text: &str) {
    put(
        out,
        format_args!(
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>\n",
            escaped(&short(text))
        ),
    );
}

fn rect(out: &mut String, class: &str, x: u64, y: u64, width: u64, height: u64) {
    put(
        out,
        format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>\n"
        ),
    );
}

/// A name cut to the room there is.
fn short(text: &str) -> String {
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used > LONGEST {
            out.push('…');
            break;
        }
        out.push(c);
    }
    out
}

fn drawn_bars(bars: &[(String, u64)]) -> Option<String> {
    let most = bars
        .iter()
        .map(|(_, n)| *n)
        .max()
        .filter(|most| *most > 0)?;
    let room = WIDTH - NAMES - NUMBERS;
    let mut out = String::new();
    begin(&mut out, ROW * bars.len() as u64);
    for (at, (name, n)) in (0..).zip(bars) {
        let y = at * ROW;
        let width = (n * room).div_ceil(most);
        label(&mut out, NAMES - 8, y + 14, "end", name);
        rect(&mut out, "bar", NAMES, y + 3, width, ROW - 6);
        label(&mut out, NAMES + width + 6, y + 14, "start", &n.to_string());
    }
    out.push_str("</svg>\n");
    Some(out)
}

fn drawn_rates(rates: &[(String, Rate)]) -> Option<String> {
    if rates.is_empty() {
        return None;
    }
    let room = WIDTH - NAMES - NUMBERS;
    let mut out = String::new();
    begin(&mut out, ROW * rates.len() as u64);
    for (at, (name, rate)) in (0..).zip(rates) {
        let y = at * ROW;
        let width = rate.basis_points().unwrap_or(0) * room / 10_000;
        let words = format!("{} ({}/{})", rate.percent(), rate.n, rate.of);
        label(&mut out, NAMES - 8, y + 14, "end", name);
        rect(&mut out, "rest", NAMES, y + 3, room, ROW - 6);
        rect(&mut out, "bar", NAMES, y + 3, width, ROW - 6);
        label(&mut out, NAMES + room + 6, y + 14, "start", &words);
    }
    out.push_str("</svg>\n");
    Some(out)
}

fn trend(points: &[(String, u64)]) -> Option<String> {
    let most = points
        .iter()
        .map(|(_, n)| *n)
        .max()
        .filter(|most| *most > 0)?;
    let count = points.len() as u64;
    let (left, top) = (44, 20);
    let room = WIDTH - left - 16;
    let mut out = String::new();
    begin(&mut out, top + COLUMNS + 20);
    let base = top + COLUMNS;
    for part in [0, 1, 2] {
        let y = base - COLUMNS * part / 2;
        put(
            &mut out,
            format_args!(
                "<line class=\"axis\" x1=\"{left}\" y1=\"{y}\" x2=\"{WIDTH}\" y2=\"{y}\"/>\n"
            ),
        );
        if part != 1 || most % 2 == 0 {
            label(
                &mut out,
                left - 6,
                y + 4,
                "end",
                &(most * part / 2).to_string(),
            );
        }
    }
    let each = points.len().div_ceil(LABELS);
    for (at, (name, n)) in (0_u64..).zip(points) {
        let x = left + at * room / count;
        let next = left + (at + 1) * room / count;
        let gap = if next - x > 6 { 2 } else { 1 };
        let height = (n * COLUMNS).div_ceil(most);
        rect(
            &mut out,
            "bar",
            x + 1,
            base - height,
            (next - x).saturating_sub(gap).max(1),
            height,
        );
        if points.len() <= NUMBERED && *n > 0 {
            let over = base - height - 3;
            label(&mut out, x.midpoint(next), over, "middle", &n.to_string());
        }
        if usize::try_from(at).is_ok_and(|at| at % each == 0) {
            label(&mut out, x.midpoint(next), base + 15, "middle", name);
        }
    }
    out.push_str("</svg>\n");
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_received_draws_nothing() {
        assert!(draw(&Chart::Trend(vec![("10-01".into(), 0)])).is_none());
        assert!(draw(&Chart::Bars(Vec::new())).is_none());
    }

    #[test]
    fn names_in_charts_are_escaped_and_cut() {
        let name = "<b>龙田街道综合执法队龙田街道综合执法队";
        let drawn = draw(&Chart::Bars(vec![(name.into(), 3)])).unwrap();
        assert!(drawn.contains("&lt;b&gt;龙田") && drawn.contains('…') && !drawn.contains("<b>"));
    }
}
