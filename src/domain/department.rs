//! The directory: departments, places, categories and sources, with the names foreign data uses for them.

use super::later::Later;
use super::ticket::LimitClass;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// What kind of unit a department is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DepartmentKind {
    /// A district bureau.
    District,
    /// A street office or one of its offices.
    Street,
    /// A community workstation.
    Community,
    /// Police.
    Police,
    /// Water, power, gas, telecommunication companies.
    Utility,
    /// A unit of the city government.
    City,
    /// The command centre itself, supervision and discipline offices.
    Centre,
    /// Anything else.
    Other,
}

/// A department 承办单位.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Stable short code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    #[serde(default)]
    pub name_en: String,
    /// Other spellings.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Ids under which other systems know it.
    #[serde(default)]
    pub external_ids: Vec<String>,
    /// What kind of unit it is.
    pub kind: DepartmentKind,
    /// The department it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Whether it may be made lead.
    #[serde(default = "yes")]
    pub active: bool,
    /// Limit classes it may lead; empty means all. `[practice: communities must not lead what is not on their list]`
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leads_only: Vec<LimitClass>,
    /// Where its letters go; empty: to its parent's address, if that has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mail: String,
}

fn yes() -> bool {
    true
}

/// A street or community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Chinese name.
    pub name: String,
    /// English name.
    #[serde(default)]
    pub name_en: String,
    /// The street a community belongs to; a street has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Other spellings.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Ids under which other systems know it.
    #[serde(default)]
    pub external_ids: Vec<String>,
}

/// A node of the category tree 大类/中类/小类.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Names from the top, one to three.
    pub path: Vec<String>,
    /// English name of the last level.
    #[serde(default)]
    pub name_en: String,
    /// Ids under which other systems know it.
    #[serde(default)]
    pub external_ids: Vec<String>,
}

/// A source 诉求来源 (who or what the request came from).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Chinese name, also the value stored.
    pub name: String,
    /// English name.
    #[serde(default)]
    pub name_en: String,
    /// Other spellings.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Ids under which other systems know it.
    #[serde(default)]
    pub external_ids: Vec<String>,
}

/// The centre's directory, with look-ups by every known name and id. Each list is made when it is first asked for.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    departments: Later<Vec<Department>>,
    /// Asked for by names alone: codes are few enough to be looked through.
    department_index: Later<Index>,
    places: Later<Places>,
    categories: Later<Vec<Category>>,
    sources: Later<Indexed<Source>>,
}

/// A list with where each member stands in it.
#[derive(Debug)]
struct Indexed<T> {
    list: Vec<T>,
    index: Index,
}

impl<T> Default for Indexed<T> {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            index: Index::default(),
        }
    }
}

impl<T> Indexed<T> {
    fn find(&self, id: Option<&str>, name: &str) -> Option<&T> {
        self.index.find(&self.list, id, name)
    }
}

/// The places of both levels.
#[derive(Debug, Default)]
struct Places {
    streets: Indexed<Place>,
    communities: Indexed<Place>,
}

impl Places {
    fn new(places: Vec<Place>) -> Self {
        let (communities, streets) = places.into_iter().partition(|p| p.street.is_some());
        let indexed = |list: Vec<Place>| Indexed {
            index: Index::new(&list, |p| (vec![&p.name], &p.aliases, &p.external_ids)),
            list,
        };
        Self {
            streets: indexed(streets),
            communities: indexed(communities),
        }
    }
}

/// The key of an external id, apart from names that look like numbers.
fn id_key(id: &str) -> String {
    format!("#{}", id.trim())
}

/// Where each of a list's members stands, by its names and its external ids; the first that has one keeps it.
#[derive(Clone, Debug, Default)]
struct Index(HashMap<String, usize>);

impl Index {
    /// `of` tells a member's names, its other spellings and its external ids.
    fn new<T>(list: &[T], of: impl Fn(&T) -> (Vec<&str>, &[String], &[String])) -> Self {
        let mut map = HashMap::new();
        for (at, member) in list.iter().enumerate() {
            let (names, aliases, ids) = of(member);
            let aliases = aliases.iter().map(String::as_str);
            for name in names.into_iter().chain(aliases) {
                map.entry(name.trim().to_owned()).or_insert(at);
            }
            for id in ids {
                map.entry(id_key(id)).or_insert(at);
            }
        }
        Self(map)
    }

    /// The member of the list with this external id, or else with this name. The id decides. `[DOMAIN §9]`
    fn find<'a, T>(&self, list: &'a [T], id: Option<&str>, name: &str) -> Option<&'a T> {
        let by_id = id.and_then(|id| self.0.get(&id_key(id)));
        list.get(*by_id.or_else(|| self.0.get(name.trim()))?)
    }
}

impl Directory {
    /// A directory of these lists.
    pub fn new(
        departments: Vec<Department>,
        places: Vec<Place>,
        categories: Vec<Category>,
        sources: Vec<Source>,
    ) -> Self {
        Self::made_by(|| departments, || places, || categories, || sources)
    }

    /// A directory of lists that are made when they are first asked for.
    pub fn made_by(
        departments: impl FnOnce() -> Vec<Department> + Send + 'static,
        places: impl FnOnce() -> Vec<Place> + Send + 'static,
        categories: impl FnOnce() -> Vec<Category> + Send + 'static,
        sources: impl FnOnce() -> Vec<Source> + Send + 'static,
    ) -> Self {
        let departments = Later::new(departments);
        let indexed = departments.clone();
        Self {
            departments,
            department_index: Later::new(move || {
                Index::new(&indexed, |d: &Department| {
                    (vec![&d.code, &d.name], &d.aliases, &d.external_ids)
                })
            }),
            places: Later::new(|| Places::new(places())),
            categories: Later::new(categories),
            sources: Later::new(|| {
                let list = sources();
                let index = Index::new(&list, |s| (vec![&s.name], &s.aliases, &s.external_ids));
                Indexed { list, index }
            }),
        }
    }

    /// Every department, in the directory's order.
    pub fn departments(&self) -> &[Department] {
        &self.departments
    }

    /// Every street.
    pub fn streets(&self) -> &[Place] {
        &self.places.streets.list
    }

    /// Every community.
    pub fn communities(&self) -> &[Place] {
        &self.places.communities.list
    }

    /// Every category.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// Every source.
    pub fn sources(&self) -> &[Source] {
        &self.sources.list
    }

    /// The department with this code.
    pub fn department(&self, code: &str) -> Option<&Department> {
        self.departments.iter().find(|d| d.code == code)
    }

    /// English names of sources, categories and places by the Chinese ones; of categories of one name the coarsest gives it.
    pub fn english_names(&self) -> BTreeMap<String, String> {
        let places = self.streets().iter().chain(self.communities());
        let mut all: Vec<(&String, &String)> = places.map(|p| (&p.name, &p.name_en)).collect();
        all.extend(self.sources().iter().map(|s| (&s.name, &s.name_en)));
        let mut categories: Vec<_> = self.categories.iter().collect();
        categories.sort_by_key(|category| category.path.len());
        all.extend(
            categories
                .iter()
                .filter_map(|c| Some((c.path.last()?, &c.name_en))),
        );
        let mut names = BTreeMap::new();
        for (name, english) in all {
            if !english.is_empty() {
                names.entry(name.clone()).or_insert_with(|| english.clone());
            }
        }
        names
    }

    /// Where a department's letters go: its own mail address, else that of the department it belongs to.
    pub fn mail_of(&self, code: &str) -> Option<&str> {
        let mut department = self.department(code)?;
        // A parent's parent's parent is as far as a directory goes; a circle in it ends here too.
        for _ in 0..8 {
            if !department.mail.is_empty() {
                return Some(&department.mail);
            }
            department = self.department(department.parent.as_deref()?)?;
        }
        None
    }

    /// The department's Chinese name, or its code where it is not in the directory (any more).
    pub fn department_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.department(code).map_or(code, |d| d.name.as_str())
    }

    /// The department known under this external id, or else under this code, name or alias. The id decides. `[DOMAIN §9]`
    ///
    /// ```
    /// let directory = fenbo::config::rules(None).unwrap().directory;
    /// let found = |id, name| directory.find_department(id, name).map(|d| d.code.as_str());
    /// let (id, code) = directory.departments().iter().find_map(|d| Some((d.external_ids.first()?, &d.code))).unwrap();
    /// assert_eq!(found(Some(id), "名称有误"), Some(code.as_str()));
    /// assert_eq!(found(Some("no such id"), code), Some(code.as_str()));
    /// assert_eq!(found(None, "不存在的单位"), None);
    /// ```
    pub fn find_department(&self, id: Option<&str>, name: &str) -> Option<&Department> {
        self.department_index.find(&self.departments, id, name)
    }

    /// The community known under this id or name.
    pub fn find_community(&self, id: Option<&str>, name: &str) -> Option<&Place> {
        self.places.communities.find(id, name)
    }

    /// The street known under this id or name.
    pub fn find_street(&self, id: Option<&str>, name: &str) -> Option<&Place> {
        self.places.streets.find(id, name)
    }

    /// The source known under this id or name. The id decides. `[DOMAIN §9: source id and name at odds]`
    pub fn find_source(&self, id: Option<&str>, name: &str) -> Option<&Source> {
        self.sources.find(id, name)
    }
}
