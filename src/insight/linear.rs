//! What the text says about the department: one linear judge per department over weighted runs of one and two characters.
//!
//! Trained by dual coordinate steps of the L2 support vector machine (Hsieh et al. 2008): one step per ticket when learning
//! as it happens, many passes when learning a whole history. Weights are hashed into a table of fixed size.

use super::case::{Case, stated};
use super::mixer::quick_ln;
use super::snapshot::{Reader, Writer};
use super::text;

/// Weights: 2^20 numbers, 2 MB, taken only once a ticket with text was learned.
const TABLE: usize = 1 << 20;
/// A stored weight of one: weights lie between -8 and 8, and what is below an eight-thousandth moves no judgement.
const ONE: f32 = 4096.0;
/// Room behind the table so that a row of departments never wraps.
const ROOM: usize = 4096;
/// How many tickets a run of characters was seen in: a small hashed count.
const COUNTED: usize = 1 << 18;
/// Longer texts say no more about the department.
const LONGEST: usize = 2_000;
/// A title weighs twice; where there is none, the first line's worth of text does.
const OPENING: usize = 25;
const COST: f32 = 4.0;
/// Before anything is learned every judge says no.
const FIRST_BIAS: f32 = -1.0;

/// One weighted feature: its row in the table.
pub(crate) type Feature = (u32, f32);

/// The linear judges.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Linear {
    /// In parts of [`ONE`].
    weights: Vec<i16>,
    bias: Vec<f32>,
    counted: Vec<u16>,
    texts: u32,
}

/// A text as sorted (hash, weighted count) pairs; the weight of rarity is applied later, because it changes as texts come.
pub(crate) fn terms(case: &Case) -> Vec<(u64, f32)> {
    let title = stated(case.title.as_deref()).unwrap_or_default();
    let content = stated(case.content.as_deref()).unwrap_or_default();
    let mut seen: Vec<(u64, f32)> =
        Vec::with_capacity(2 * (title.len() + content.len().min(4 * LONGEST)) / 3);
    for gram in text::grams(title, 1, 2) {
        seen.push((gram, 2.0));
    }
    let heavy = if title.is_empty() { 2 * OPENING } else { 0 };
    for (at, gram) in text::grams(content, 1, 2).take(2 * LONGEST).enumerate() {
        seen.push((gram, if at < heavy { 2.0 } else { 1.0 }));
    }
    seen.sort_unstable_by_key(|&(gram, _)| gram);
    let mut terms: Vec<(u64, f32)> = Vec::with_capacity(seen.len());
    for (gram, weight) in seen {
        match terms.last_mut() {
            Some(last) if last.0 == gram => last.1 += weight,
            _ => terms.push((gram, weight)),
        }
    }
    terms
}

impl Linear {
    /// Counts the runs of a text: the rarer a run, the more it says.
    pub(crate) fn count(&mut self, terms: &[(u64, f32)]) {
        if self.counted.is_empty() {
            self.counted = vec![0; COUNTED];
        }
        for &(gram, _) in terms {
            let slot = &mut self.counted[gram as usize % COUNTED];
            *slot = slot.saturating_add(1);
        }
        self.texts = self.texts.saturating_add(1);
        if self.texts >= 60_000 {
            self.texts /= 2;
            for slot in &mut self.counted {
                *slot /= 2;
            }
        }
    }

    /// The features of a text, of length one together; runs seen in fewer than two tickets are left out.
    pub(crate) fn features(&self, terms: &[(u64, f32)]) -> Vec<Feature> {
        if self.counted.is_empty() {
            return Vec::new();
        }
        let all = 1.0 + self.texts as f32;
        let mut features: Vec<Feature> = terms
            .iter()
            .filter_map(|&(gram, count)| {
                let seen = self.counted[gram as usize % COUNTED];
                let rarity = quick_ln((all / (1.0 + f32::from(seen))).max(1.0)) + 1.0;
                (seen >= 2).then(|| {
                    (
                        ((gram >> 20) as usize % TABLE) as u32,
                        (1.0 + quick_ln(count)) * rarity,
                    )
                })
            })
            .collect();
        let length = features
            .iter()
            .map(|(_, x)| x * x)
            .sum::<f32>()
            .sqrt()
            .max(1e-6);
        for (_, x) in &mut features {
            *x /= length;
        }
        features
    }

    /// What each of the first `classes` judges says: about +1 for yes, −1 for no.
    pub(crate) fn margins(&self, features: &[Feature], classes: usize) -> Vec<f32> {
        let classes = classes.min(ROOM);
        let mut margins: Vec<f32> = (0..classes)
            .map(|class| self.bias.get(class).copied().unwrap_or(FIRST_BIAS))
            .collect();
        if !self.weights.is_empty() {
            for &(row, x) in features {
                let (row, part) = (row as usize, x / ONE);
                for (margin, weight) in margins.iter_mut().zip(&self.weights[row..row + classes]) {
                    *margin += part * f32::from(*weight);
                }
            }
        }
        margins
    }

    /// True when no text was read yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.texts == 0
    }

    /// Forgets the weights but not how rare each run is.
    pub(crate) fn clear_weights(&mut self) {
        self.weights.fill(0);
        self.bias.fill(FIRST_BIAS);
    }

    /// One dual step per judge that is not sure enough, given what each just said. `held` keeps each judge's multiplier for
    /// this text between passes.
    pub(crate) fn step(
        &mut self,
        features: &[Feature],
        truth: u16,
        margins: &[f32],
        held: &mut [f32],
    ) {
        if features.is_empty() {
            return;
        }
        if self.weights.is_empty() {
            self.weights = vec![0; TABLE + ROOM];
        }
        if self.bias.len() < margins.len() {
            self.bias.resize(margins.len().min(ROOM), FIRST_BIAS);
        }
        let diagonal = 0.5 / COST;
        let mut moved: Vec<(usize, f32)> = Vec::new();
        for (class, (margin, held)) in margins.iter().zip(held.iter_mut()).enumerate() {
            let side = if class == usize::from(truth) {
                1.0
            } else {
                -1.0
            };
            let slope = side * margin - 1.0 + diagonal * *held;
            let next = (*held - slope / (2.0 + diagonal)).max(0.0);
            if (next - *held).abs() > 1e-3 {
                moved.push((class, (next - *held) * side));
                *held = next;
            }
        }
        for &(class, by) in &moved {
            self.bias[class] += by;
        }
        for &(row, x) in features {
            for &(class, by) in &moved {
                let weight = &mut self.weights[row as usize + class];
                *weight = stored(f32::from(*weight) + by * x * ONE);
            }
        }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.u32(self.texts);
        out.floats(&self.bias);
        out.len(self.counted.len());
        for &count in &self.counted {
            out.u16(count);
        }
        out.len(usize::from(!self.weights.is_empty()));
        let used = || self.weights.iter().enumerate().filter(|(_, w)| **w != 0);
        out.len(used().count());
        for (at, &weight) in used() {
            out.u32(at as u32);
            out.i16(weight);
        }
    }

    /// Reads what [`Linear::write`] wrote, into the memory of `room`.
    pub(crate) fn read(from: &mut Reader<'_>, room: Self) -> Option<Self> {
        let Self {
            mut weights,
            mut counted,
            ..
        } = room;
        let texts = from.u32()?;
        let bias = from.floats()?;
        let counts = from.len(2)?;
        counted.clear();
        counted.reserve_exact(counts);
        for _ in 0..counts {
            counted.push(from.u16()?);
        }
        weights.fill(0);
        if from.number()? == 0 {
            weights = Vec::new();
        } else if weights.is_empty() {
            weights = vec![0; TABLE + ROOM];
        }
        for _ in 0..from.len(6)? {
            let at = from.u32()? as usize;
            *weights.get_mut(at)? = from.i16()?;
        }
        (counted.is_empty() || counted.len() == COUNTED).then_some(Self {
            weights,
            bias,
            counted,
            texts,
        })
    }
}

/// The nearest stored weight; one that is too great is the greatest.
fn stored(weight: f32) -> i16 {
    weight.round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(title: &str, content: &str) -> Case {
        Case {
            title: Some(title.into()),
            content: Some(content.into()),
            ..Case::default()
        }
    }

    #[test]
    fn two_matters_are_told_apart() {
        let texts = [
            ("路灯坏了", "门口的路灯不亮"),
            ("垃圾没清", "垃圾桶满了没人清运"),
            ("路灯又坏", "整条路路灯都不亮"),
            ("垃圾太多", "垃圾堆在路边没有清运"),
        ];
        let mut judges = Linear::default();
        let terms: Vec<_> = texts
            .iter()
            .map(|(title, content)| terms(&case(title, content)))
            .collect();
        for term in &terms {
            judges.count(term);
        }
        let mut held = vec![vec![0.0; 2]; texts.len()];
        for _ in 0..10 {
            for (at, term) in terms.iter().enumerate() {
                let features = judges.features(term);
                let margins = judges.margins(&features, 2);
                judges.step(&features, (at % 2) as u16, &margins, &mut held[at]);
            }
        }
        let says =
            |title: &str| judges.margins(&judges.features(&super::terms(&case(title, ""))), 2);
        assert!(says("路灯不亮")[0] > says("路灯不亮")[1]);
        assert!(says("垃圾清运")[1] > says("垃圾清运")[0]);
    }

    #[test]
    fn a_repeated_run_is_one_term() {
        let counted = terms(&case("灯灯灯", ""));
        assert_eq!(counted.len(), 2);
        assert!(
            counted
                .iter()
                .any(|&(_, weight)| (weight - 6.0).abs() < f32::EPSILON)
        );
    }

    #[test]
    fn written_and_read_back_it_says_the_same() {
        let mut judges = Linear::default();
        let terms = terms(&case("路灯坏了", "路灯坏了"));
        judges.count(&terms);
        judges.count(&terms);
        let features = judges.features(&terms);
        judges.step(&features, 1, &judges.margins(&features, 3), &mut [0.0; 3]);
        let mut bytes = Vec::new();
        let mut out = Writer::new(&mut bytes);
        judges.write(&mut out);
        out.finish().unwrap();
        let again = Linear::read(
            &mut Reader::new(&mut &bytes[..], bytes.len()),
            Linear::default(),
        )
        .unwrap();
        assert_eq!(again.margins(&features, 3), judges.margins(&features, 3));
    }
}
