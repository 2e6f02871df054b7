//! A value that is made when it is first asked for, so that a command pays only for what it looks at.

use std::fmt::{self, Debug, Formatter};
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

/// How a value is made.
type Make<T> = Box<dyn FnOnce() -> T + Send>;

/// A value that is made once, when it is first looked at, and shared by its clones.
///
/// ```
/// use fenbo::domain::later::Later;
/// let years = Later::new(|| vec![2025, 2026]);
/// assert_eq!(years.clone().len(), 2);
/// assert_eq!(*Later::from(vec![2027]), [2027]);
/// ```
pub struct Later<T>(Arc<LazyLock<T, Make<T>>>);

impl<T> Later<T> {
    /// A value made by `make`.
    pub fn new(make: impl FnOnce() -> T + Send + 'static) -> Self {
        Self(Arc::new(LazyLock::new(Box::new(make))))
    }
}

impl<T: Send + 'static> From<T> for Later<T> {
    fn from(value: T) -> Self {
        Self::new(move || value)
    }
}

impl<T: Default + 'static> Default for Later<T> {
    fn default() -> Self {
        Self::new(T::default)
    }
}

impl<T> Deref for Later<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for Later<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Debug> Debug for Later<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
