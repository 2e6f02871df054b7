//! Draws `&Model`; changes nothing.
//!
//! Start at [`draw`]: it fills a buffer and says where the cursor stands, if a text is being typed. A pane that waits for the
//! keys to rest is left as it stands in the buffer. [`title`] and [`card`] are what the runtime asks besides.
//!
//! ```text
//! header   fenbo 分拨   red 12 yellow 31 green 204              operator role | date time | live
//! views     1 desk 38  2 open 247 ...
//! heads       light  left  number ...  title ...  suggested / lead
//! list     > !! ...
//! rule     ---------------------------------------------------   (from 36 rows on)
//! detail     ...
//! status   what was done, or why not; else marks, filter, place
//! footer    a dispatch  Space mark ...
//! ```

mod board;
mod chrome;
mod detail;
mod dialogs;
mod evidence;
mod finder;
mod form;
mod greeting;
mod history;
mod labels;
mod list;
mod notices;
mod origins;
mod paint;
mod picker;
mod shift;
mod statistics;
mod summary;
mod theme;
mod time;
mod words;

pub use theme::{Glyphs, Theme};

use crate::console::app::haste::Held;
use crate::console::app::regions::Regions;
use crate::console::app::{Dialog, Model, Screen};
use crate::domain::shown::clean_line;
use crate::i18n::Lang;
use crate::i18n::console::WINDOW;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What everything is drawn with.
#[derive(Clone, Copy)]
struct Scene<'a> {
    model: &'a Model,
    theme: &'a Theme,
    lang: Lang,
    glyphs: Glyphs,
    area: Rect,
}

/// Where the cursor stands.
pub type Cursor = Option<(u16, u16)>;

/// What is known of a screen once it is drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drawn {
    /// The place of the cursor, where a text is being typed.
    pub cursor: Cursor,
    /// How many lines the selected ticket has, where it is shown; the runtime tells the model.
    pub detail_lines: Option<usize>,
}

/// Fills `area` of a buffer, which holds the frame before: what the model holds is left as it stands there.
pub fn draw(
    model: &Model,
    theme: &Theme,
    glyphs: Glyphs,
    buffer: &mut Buffer,
    area: Rect,
) -> Drawn {
    let area = area.intersection(buffer.area);
    let scene = Scene {
        model,
        theme,
        lang: words::lang(model),
        glyphs,
        area,
    };
    if model.awaits_rows() {
        return answered(scene, buffer);
    }
    let standing = model.standing();
    clear(scene, buffer, standing);
    if Regions::is_too_small(area.width, area.height) {
        greeting::too_small(scene, buffer);
        return Drawn::default();
    }
    let mut detail_lines = None;
    chrome::header(scene, buffer);
    chrome::views(scene, buffer);
    if model.full {
        detail_lines = detail::draw(scene, buffer);
    } else if model.is_new_store() {
        greeting::greeting(scene, buffer);
    } else {
        match model.screen() {
            Screen::Board => board::draw(scene, buffer),
            Screen::Statistics => statistics::draw(scene, buffer),
            Screen::Shift => shift::draw(scene, buffer),
            Screen::List => {
                list::draw(scene, buffer);
                detail_lines = detail::draw(scene, buffer);
            }
        }
    }
    let mut cursor = chrome::status(scene, buffer);
    if standing != Some(Held::Dispatched) {
        chrome::footer(scene, buffer);
    }
    for dialog in &model.dialogs {
        cursor = match dialog {
            Dialog::Picker(picker) => picker::draw(scene, buffer, picker),
            Dialog::Form(form) => form::draw(scene, buffer, form),
            Dialog::Summary(summary) => summary::draw(scene, buffer, summary),
            Dialog::Finder(finder) => finder::draw(scene, buffer, finder),
        };
    }
    Drawn {
        cursor,
        detail_lines,
    }
}

/// The answer to a dispatch before its rows have come: the status line alone.
fn answered(scene: Scene<'_>, buffer: &mut Buffer) -> Drawn {
    let (area, y) = (scene.area, scene.model.regions().status);
    let line = Rect::new(area.x, area.y + y, area.width, 1);
    paint::fill(buffer, line, scene.theme.text);
    Drawn {
        cursor: chrome::status(scene, buffer),
        detail_lines: None,
    }
}

/// Makes room for a frame, but for what stands.
fn clear(scene: Scene<'_>, buffer: &mut Buffer, standing: Option<Held>) {
    let (area, regions) = (scene.area, scene.model.regions());
    let (top, height) = regions.detail;
    let (above, below) = match standing {
        None | Some(Held::Sent) => (area.height, area.height),
        Some(Held::Moving) => (top, top + height),
        // The picker's upper edge stands in the rule, and its keys in the last line.
        Some(Held::Dispatched) => (top - 1, top + height),
    };
    let rows = |from: u16, to: u16| Rect::new(area.x, area.y + from, area.width, to - from);
    paint::fill(buffer, rows(0, above), scene.theme.text);
    let to = if standing == Some(Held::Dispatched) {
        regions.footer
    } else {
        area.height
    };
    paint::fill(buffer, rows(below, to), scene.theme.text);
}

/// How many lines the status line has at the present width.
pub fn status_lines(model: &Model) -> usize {
    chrome::status_lines(model)
}

/// How many lines the selected ticket has at the present width, also where it is not shown.
pub fn detail_lines(model: &Model) -> usize {
    detail::lines(model, Theme::of(model.theme), usize::from(model.size.0)).len()
}

/// The window's title.
pub fn title(model: &Model) -> String {
    let lang = words::lang(model);
    let (red, yellow) = model.counts.as_ref().map_or((0, 0), |c| (c.red, c.yellow));
    WINDOW.with(
        lang,
        &[("red", &red.to_string()), ("yellow", &yellow.to_string())],
    )
}

/// The selected ticket as text, for the clipboard: what it is pasted into is not driven by it.
pub fn card(model: &Model) -> String {
    detail::lines(model, Theme::of(model.theme), 100)
        .into_iter()
        .map(|line| {
            let text: String = line.into_iter().map(|p| p.text).collect();
            clean_line(text.trim_end()).into_owned()
        })
        .collect::<Vec<_>>()
        .join("\n")
}
