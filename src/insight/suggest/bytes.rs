//! The model as bytes and back: what the store keeps of it.

use std::io;

use super::{Model, Params};
use crate::insight::calibration::Calibrations;
use crate::insight::confidence::Confidence;
use crate::insight::contexts;
use crate::insight::evidence::Archive;
use crate::insight::linear::Linear;
use crate::insight::memory::ContextTable;
use crate::insight::mixer::Mixer;
use crate::insight::snapshot::{Reader, Writer};

const MAGIC: &[u8; 8] = b"fenbo-sg";
const VERSION: u16 = 5;

impl Model {
    /// Writes the model's bytes, piece by piece.
    ///
    /// # Errors
    /// What `sink` says.
    pub fn write_to(&self, sink: &mut dyn io::Write) -> io::Result<()> {
        let mut to = Writer::new(sink);
        let out = &mut to;
        out.raw(MAGIC);
        out.u16(VERSION);
        out.u64(self.learned);
        out.len(self.codes.len());
        for (code, role) in self.codes.iter().zip(&self.roles) {
            out.text(code);
            out.u16(*role);
        }
        for (&inactive, &kept) in self.inactive.iter().zip(&self.kept) {
            out.u8(u8::from(inactive));
            out.u32(kept);
        }
        let mut roles: Vec<(&String, &u16)> = self.role_numbers.iter().collect();
        roles.sort_unstable_by_key(|(_, number)| **number);
        out.len(roles.len());
        for (role, _) in roles {
            out.text(role);
        }
        self.departments.write(out);
        self.role_weights.write(out);
        let mut homes: Vec<(&u64, &Vec<(u16, f32)>)> = self.homes.iter().collect();
        homes.sort_unstable_by_key(|(key, _)| **key);
        out.len(homes.len());
        for (key, list) in homes {
            out.u64(*key);
            out.len(list.len());
            for &(department, count) in list {
                out.u16(department);
                out.f32(count);
            }
        }
        self.texts.write(out);
        self.mixer.write(out);
        self.confidence.write(out);
        self.calibration.write(out);
        self.archive.write(out);
        to.finish()
    }

    /// The model from the next `length` bytes of `source`, read piece by piece; `None` when they are not a model of this
    /// version: learn again from the store.
    ///
    /// It is read into the memory of `instead_of`, a model not wanted any more: one given back and taken anew leaves holes
    /// that a process keeps.
    pub fn read_from(
        source: &mut dyn io::Read,
        length: usize,
        params: Params,
        instead_of: Option<Self>,
    ) -> Option<Self> {
        let mut from = Reader::new(source, length);
        if from.array()? != *MAGIC || from.u16()? != VERSION {
            return None;
        }
        let room = instead_of.unwrap_or_else(|| Self::new(params));
        let mut model = Self::new(params);
        model.learned = from.u64()?;
        for _ in 0..from.len(10)? {
            let code = from.text()?;
            model.numbers.insert(code.clone(), model.codes.len() as u16);
            model.codes.push(code);
            model.roles.push(from.u16()?);
        }
        for _ in 0..model.codes.len() {
            model.inactive.push(from.u8()? != 0);
            model.kept.push(from.u32()?);
        }
        for number in 0..from.len(8)? {
            model.role_numbers.insert(from.text()?, number as u16);
        }
        if model
            .roles
            .iter()
            .any(|&role| usize::from(role) >= model.role_numbers.len())
        {
            return None;
        }
        model.departments = ContextTable::read(&mut from, room.departments)?;
        model.role_weights = ContextTable::read(&mut from, room.role_weights)?;
        for _ in 0..from.len(16)? {
            let key = from.u64()?;
            let list = (0..from.len(6)?)
                .map(|_| Some((from.u16()?, from.f32()?)))
                .collect::<Option<Vec<_>>>()?;
            model.homes.insert(key, list);
        }
        model.texts = Linear::read(&mut from, room.texts)?;
        model.mixer = Mixer::read(&mut from, contexts::COUNT)?;
        model.confidence = Confidence::read(&mut from)?;
        model.calibration = Calibrations::read(&mut from)?;
        model.archive = Archive::read(&mut from, room.archive)?;
        from.is_empty().then_some(model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::{Case, Ending};

    /// A model that learned so many tickets, each unlike the others.
    fn model(tickets: usize) -> Model {
        let mut model = Model::new(Params::default());
        for at in 0..tickets {
            learn(&mut model, at);
        }
        model
    }

    fn learn(model: &mut Model, at: usize) {
        let case = Case {
            no: format!("T{at}"),
            title: Some(format!("第{at}号路灯坏了")),
            category: vec![format!("市政{}", at % 7)],
            street: Some(format!("街道{}", at % 5)),
            community: Some(format!("社区{}", at % 11)),
            created_at: Some(at as i64 * 3_600),
            ..Case::default()
        };
        model.learn(&case, ["D1", "D2", "D3"][at % 3], Ending::Kept);
    }

    fn bytes(model: &Model) -> Vec<u8> {
        let mut bytes = Vec::new();
        model.write_to(&mut bytes).unwrap();
        bytes
    }

    /// Nothing of the model whose memory was taken is left in the one that was read, and it learns on as the written one does.
    #[test]
    fn a_model_read_instead_of_another_is_the_one_that_was_written() {
        for (tickets, others) in [(40, 0), (40, 3), (40, 90), (0, 90)] {
            let mut written = model(tickets);
            let stored = bytes(&written);
            let other = (others > 0).then(|| model(others));
            let length = stored.len();
            let mut read =
                Model::read_from(&mut &stored[..], length, Params::default(), other).unwrap();
            assert!(bytes(&read) == stored, "{tickets} over {others}");
            for at in 200..260 {
                learn(&mut written, at);
                learn(&mut read, at);
            }
            assert!(bytes(&read) == bytes(&written), "{tickets} over {others}");
        }
    }
}
