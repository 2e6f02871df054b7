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
    pub fn read_from(source: &mut dyn io::Read, length: usize, params: Params) -> Option<Self> {
        let mut from = Reader::new(source, length);
        if from.array()? != *MAGIC || from.u16()? != VERSION {
            return None;
        }
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
        model.departments = ContextTable::read(&mut from)?;
        model.role_weights = ContextTable::read(&mut from)?;
        for _ in 0..from.len(16)? {
            let key = from.u64()?;
            let list = (0..from.len(6)?)
                .map(|_| Some((from.u16()?, from.f32()?)))
                .collect::<Option<Vec<_>>>()?;
            model.homes.insert(key, list);
        }
        model.texts = Linear::read(&mut from)?;
        model.mixer = Mixer::read(&mut from, contexts::COUNT)?;
        model.confidence = Confidence::read(&mut from)?;
        model.calibration = Calibrations::read(&mut from)?;
        model.archive = Archive::read(&mut from)?;
        from.is_empty().then_some(model)
    }
}
