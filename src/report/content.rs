//! What stands in a report and in which order: figures to a document, worded in one language. `[DOMAIN §7]`
//!
//! Start at [`document`]; the tables are made in [`super::tables`].

use super::document::{Chart, Document, Section};
use super::tables;
use crate::domain::figures::{Advice, AdviceKind, Figures, Grain, LISTED_FROM, Point, grain};
use crate::i18n::{Lang, Text, report as words};

/// Bars drawn at most.
const BARS: usize = 15;

/// The report of these figures.
pub fn document(figures: &Figures, lang: Lang) -> Document {
    let kind = words::kind(figures.period.kind).of(lang);
    let writer = Writer { figures, lang };
    Document {
        lang,
        title: words::TITLE.with(lang, &[("kind", kind)]),
        head: writer.head(),
        sections: vec![
            writer.totals(),
            writer.trend(),
            writer.sources(),
            writer.natures(),
            writer.categories(),
            writer.places(),
            writer.departments(),
            writer.dispatchers(),
            writer.satisfaction(),
            writer.hotspots(),
            writer.cases(),
            writer.overdue(),
            writer.advice(),
            writer.definitions(),
        ],
    }
}

/// Words figures in one language.
pub(super) struct Writer<'a> {
    pub(super) figures: &'a Figures,
    pub(super) lang: Lang,
}

impl<'a> Writer<'a> {
    /// A sentence in the report's language.
    pub(super) fn say(&self, text: Text) -> &'static str {
        text.of(self.lang)
    }

    /// A name of a source, category or place; its English one in an English report, where there is one.
    pub(super) fn name(&self, name: &'a str) -> &'a str {
        if name == crate::domain::figures::UNKNOWN {
            return self.say(words::UNKNOWN);
        }
        match self.lang {
            Lang::Zh => name,
            Lang::En => self.figures.english.get(name).map_or(name, String::as_str),
        }
    }

    /// A department's name.
    pub(super) fn department(&self, code: &'a str) -> &'a str {
        self.figures.department(code).map_or(code, |standing| {
            if self.lang == Lang::En && !standing.name_en.is_empty() {
                &standing.name_en
            } else if standing.name.is_empty() {
                code
            } else {
                &standing.name
            }
        })
    }

    fn head(&self) -> Vec<String> {
        let figures = self.figures;
        let period = figures.period;
        let at = figures.as_of.zone.minute(figures.as_of.at);
        let mut head = vec![words::PERIOD.with(
            self.lang,
            &[
                ("from", &period.from.to_string()),
                ("to", &period.to.to_string()),
                ("days", &period.days().to_string()),
            ],
        )];
        let zone = figures.as_of.zone;
        if zone.date(figures.as_of.at) < period.from {
            head.push(words::AHEAD.of(self.lang).to_owned());
        } else if !figures.is_over {
            head.push(words::RUNNING.with(self.lang, &[("at", &at)]));
        }
        head.push(words::AS_OF.with(
            self.lang,
            &[
                ("at", &at),
                ("seq", &figures.as_of.seq.to_string()),
                ("head", &figures.as_of.head),
            ],
        ));
        head.push(words::EDITION.with(
            self.lang,
            &[("id", &figures.edition.0), ("name", &figures.edition.1)],
        ));
        head
    }

    fn section(&self, title: Text) -> Section {
        Section {
            title: self.say(title).to_owned(),
            ..Section::default()
        }
    }

    fn totals(&self) -> Section {
        Section {
            tables: vec![tables::totals(self), tables::comparison(self)],
            ..self.section(words::TOTALS)
        }
    }

    fn trend(&self) -> Section {
        let points = &self.figures.trend;
        let columns = points
            .iter()
            .map(|point| (self.point(point), point.received));
        Section {
            chart: Some(Chart::Trend(columns.collect())),
            tables: vec![tables::trend(self)],
            ..self.section(words::TREND)
        }
    }

    /// A point's name under the chart.
    pub(super) fn point(&self, point: &Point) -> String {
        match grain(self.figures.period.kind) {
            Grain::Hour => format!("{:02}:00", point.hour.unwrap_or(0)),
            Grain::Day => point.day.format("%m-%d").to_string(),
            Grain::Month => point.day.format("%Y-%m").to_string(),
        }
    }

    fn sources(&self) -> Section {
        Section {
            chart: Some(self.bars(&self.figures.by_source)),
            tables: vec![
                tables::shares(self, words::SOURCE, &self.figures.by_source),
                tables::channels(self),
            ],
            ..self.section(words::SOURCES)
        }
    }

    fn bars(&self, shares: &'a crate::domain::figures::Shares) -> Chart {
        let bars = shares.iter().take(BARS);
        Chart::Bars(
            bars.map(|(name, n)| (self.name(name).to_owned(), n))
                .collect(),
        )
    }

    fn natures(&self) -> Section {
        Section {
            tables: vec![tables::natures(self), tables::limit_classes(self)],
            ..self.section(words::NATURES)
        }
    }

    fn categories(&self) -> Section {
        Section {
            chart: Some(self.bars(&self.figures.by_category)),
            tables: vec![
                tables::shares(self, words::TOP_CATEGORY, &self.figures.by_category),
                tables::top_categories(self),
            ],
            ..self.section(words::CATEGORIES)
        }
    }

    fn places(&self) -> Section {
        Section {
            chart: Some(self.bars(&self.figures.by_street)),
            tables: vec![
                tables::shares(self, words::STREET, &self.figures.by_street),
                tables::shares(self, words::COMMUNITY, &self.figures.by_community),
            ],
            ..self.section(words::PLACES)
        }
    }

    fn departments(&self) -> Section {
        let mut busiest: Vec<_> = self
            .figures
            .departments
            .iter()
            .filter(|s| s.figures.on_time.of >= LISTED_FROM)
            .collect();
        busiest.sort_by_key(|s| std::cmp::Reverse(s.figures.on_time.of));
        busiest.truncate(BARS);
        let bars: Vec<_> = busiest
            .into_iter()
            .map(|s| {
                let name = self.department(&s.figures.department);
                (name.to_owned(), s.figures.on_time)
            })
            .collect();
        let mut lines = Vec::new();
        for (text, codes) in [
            (words::RED_LIST, &self.figures.red_list),
            (words::BLACK_LIST, &self.figures.black_list),
        ] {
            if !codes.is_empty() {
                let names: Vec<&str> = codes.iter().map(|code| self.department(code)).collect();
                let names = names.join(self.say(words::AND));
                lines.push(text.with(self.lang, &[("names", &names)]));
            }
        }
        Section {
            lines,
            chart: (!bars.is_empty()).then_some(Chart::Rates(bars)),
            tables: vec![tables::assessment(self), tables::handling(self)],
            ..self.section(words::DEPARTMENTS)
        }
    }

    fn dispatchers(&self) -> Section {
        self.or_nothing(words::DISPATCHERS, vec![tables::dispatchers(self)])
    }

    /// A section of these tables; it says so when none has a row.
    fn or_nothing(&self, title: Text, mut tables: Vec<super::Table>) -> Section {
        tables.retain(|table| !table.rows.is_empty());
        let lines = if tables.is_empty() {
            vec![self.say(words::NOTHING).to_owned()]
        } else {
            Vec::new()
        };
        Section {
            lines,
            tables,
            ..self.section(title)
        }
    }

    fn satisfaction(&self) -> Section {
        self.or_nothing(words::SATISFACTION, vec![tables::satisfaction(self)])
    }

    fn hotspots(&self) -> Section {
        self.or_nothing(words::HOTSPOTS, vec![tables::hotspots(self)])
    }

    fn cases(&self) -> Section {
        self.or_nothing(words::CASES, vec![tables::cases(self)])
    }

    fn overdue(&self) -> Section {
        let mut section = self.or_nothing(
            words::OVERDUE,
            vec![
                tables::listed(self, words::OVERDUE_LIST, &self.figures.overdue),
                tables::listed(self, words::SUPERVISED_LIST, &self.figures.supervised),
            ],
        );
        for listed in [&self.figures.overdue, &self.figures.supervised] {
            if listed.total > listed.rows.len() as u64 {
                section.lines.push(words::MORE.with(
                    self.lang,
                    &[
                        ("total", &listed.total.to_string()),
                        ("shown", &listed.rows.len().to_string()),
                    ],
                ));
            }
        }
        section
    }

    fn advice(&self) -> Section {
        let lines = self
            .figures
            .advice
            .iter()
            .map(|advice| self.advised(advice));
        Section {
            lines: lines.collect(),
            ..self.section(words::ADVICE)
        }
    }

    fn advised(&self, advice: &'a Advice) -> String {
        let about: Vec<&str> = advice
            .about
            .iter()
            .map(|name| {
                if advice.kind == AdviceKind::LowOnTime {
                    self.department(name)
                } else {
                    self.name(name)
                }
            })
            .collect();
        let apart = if advice.kind == AdviceKind::Rising {
            " / "
        } else {
            " "
        };
        words::advice(advice.kind).with(
            self.lang,
            &[
                ("about", &about.join(apart)),
                ("n", &advice.n.to_string()),
                ("of", &advice.of.to_string()),
            ],
        )
    }

    fn definitions(&self) -> Section {
        let (on_time, closing, no_rework) = self.figures.points;
        let score = words::DEFINES_SCORE.with(
            self.lang,
            &[
                ("on_time", &on_time.to_string()),
                ("closing", &closing.to_string()),
                ("no_rework", &no_rework.to_string()),
                ("least", &LISTED_FROM.to_string()),
            ],
        );
        let (in_time, accurate, volume) = self.figures.dispatch_points;
        let dispatcher = words::DEFINES_DISPATCHER.with(
            self.lang,
            &[
                ("in_time", &in_time.to_string()),
                ("accurate", &accurate.to_string()),
                ("volume", &volume.to_string()),
            ],
        );
        Section {
            lines: vec![
                self.say(words::DEFINES_RECEIVED).to_owned(),
                self.say(words::DEFINES_ON_TIME).to_owned(),
                self.say(words::DEFINES_RATES).to_owned(),
                score,
                dispatcher,
                self.say(words::DEFINES_MOMENT).to_owned(),
            ],
            ..self.section(words::DEFINITIONS)
        }
    }
}
