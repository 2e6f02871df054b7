//! What the centre keeps for its operators: drafts of forms, and how they like their screen.

use super::Centre;
use crate::domain::instant::Instant;
use crate::store::Failure;

impl Centre {
    /// Keeps what is being typed into a form, for this operator.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub fn put_draft(&mut self, form: &str, text: &str, now: Instant) -> Result<(), Failure> {
        let by = self.operator.code.clone();
        self.store.put_draft(&by, form, text, now)
    }

    /// Forgets a draft.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub fn drop_draft(&mut self, form: &str) -> Result<(), Failure> {
        let by = self.operator.code.clone();
        self.store.drop_draft(&by, form)
    }

    /// This operator's drafts, newest first: form and text.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn drafts(&self) -> Result<Vec<(String, String)>, Failure> {
        self.store.drafts(&self.operator.code)
    }

    /// Remembers how this operator likes something, such as the language.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be written.
    pub fn keep_preference(&mut self, name: &str, value: &str) -> Result<(), Failure> {
        let key = self.preference_key(name);
        self.store.write(|tx| tx.set_setting(&key, value))
    }

    /// How this operator likes something.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn preference(&self, name: &str) -> Result<Option<String>, Failure> {
        self.store.setting(&self.preference_key(name))
    }

    fn preference_key(&self, name: &str) -> String {
        format!("operator/{}/{name}", self.operator.code)
    }
}
