//! `strategy.matrix`, spread out into one job for each combination.

use serde_json::Value;

use super::parts::{JobDef, text_of};

type Combination = Vec<(String, String)>;

/// The jobs that `def` stands for. `named` says whether the job has a name of
/// its own, in which `${{ matrix.key }}` is filled in; otherwise the values
/// stand behind the job's key in brackets. A matrix that is an expression gives
/// one job.
pub(super) fn spread(def: &JobDef, named: bool, matrix: &Value) -> Vec<JobDef> {
    let Some(map) = matrix.as_object() else {
        return vec![def.clone()];
    };
    let mut combinations: Vec<Combination> = vec![Vec::new()];
    for (key, values) in map
        .iter()
        .filter(|(k, _)| *k != "include" && *k != "exclude")
    {
        let values: Vec<Combination> = values
            .as_array()
            .into_iter()
            .flatten()
            .map(|value| flat(key, value))
            .collect();
        let with = |c: &Combination, v: &Combination| [c.as_slice(), v].concat();
        combinations = combinations
            .iter()
            .flat_map(|c| values.iter().map(move |v| with(c, v)))
            .collect();
    }
    let pairs = |entry: &Value| -> Combination {
        let map = entry.as_object().into_iter().flatten();
        map.flat_map(|(k, v)| flat(k, v)).collect()
    };
    for excluded in map
        .get("exclude")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(pairs)
    {
        combinations.retain(|c| !excluded.iter().all(|p| c.contains(p)));
    }
    include(
        &mut combinations,
        map.get("include").and_then(Value::as_array),
        pairs,
    );
    combinations.retain(|c| !c.is_empty());
    if combinations.is_empty() {
        return vec![def.clone()];
    }
    combinations
        .iter()
        .map(|c| with_values(def, named, c))
        .collect()
}

/// A value by its dotted name; those of a mapping one by one, which is how
/// GitHub names the job as well.
fn flat(key: &str, value: &Value) -> Combination {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(k, v)| flat(&format!("{key}.{k}"), v))
            .collect(),
        other => text_of(other)
            .map(|text| (key.to_owned(), text))
            .into_iter()
            .collect(),
    }
}

/// An included entry widens the combinations whose values it does not change,
/// and where there is none it is a combination of its own.
fn include(
    combinations: &mut Vec<Combination>,
    entries: Option<&Vec<Value>>,
    pairs: impl Fn(&Value) -> Combination,
) {
    let before = combinations.clone();
    let only_included = before.iter().all(Vec::is_empty);
    for entry in entries.into_iter().flatten().map(pairs) {
        let mut widened = false;
        for (c, original) in combinations
            .iter_mut()
            .zip(&before)
            .filter(|_| !only_included)
        {
            let changes = |p: &(String, String)| original.iter().any(|o| o.0 == p.0 && o.1 != p.1);
            if !entry.iter().any(changes) {
                c.extend(entry.iter().filter(|p| !original.contains(p)).cloned());
                widened = true;
            }
        }
        if !widened {
            combinations.push(entry);
        }
    }
}

fn with_values(def: &JobDef, named: bool, values: &Combination) -> JobDef {
    let fill = |text: &str| {
        let mut text = text.to_owned();
        for (key, value) in values {
            for form in [
                format!("${{{{ matrix.{key} }}}}"),
                format!("${{{{matrix.{key}}}}}"),
            ] {
                text = text.replace(&form, value);
            }
        }
        text
    };
    let mut job = def.clone();
    let dotted = |(key, value): &(String, String)| (format!("matrix.{key}"), value.clone());
    job.matrix = values.iter().map(dotted).collect();
    job.name = if named && def.name.contains("matrix.") {
        fill(&def.name)
    } else {
        let shown: Vec<&str> = values.iter().map(|(_, v)| v.as_str()).collect();
        format!("{} ({})", def.name, shown.join(", "))
    };
    job.runs_on = job.runs_on.iter().map(|l| fill(l)).collect();
    for step in &mut job.steps {
        step.run = step.run.as_deref().map(fill);
        step.with.values_mut().for_each(|v| *v = fill(v));
    }
    job
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn names(named: Option<&str>, matrix: Value) -> Vec<String> {
        let def = JobDef {
            id: "b".into(),
            name: named.unwrap_or("b").into(),
            needs: vec![],
            environment: None,
            condition: None,
            runs_on: vec![],
            uses: None,
            steps: vec![],
            matrix: Default::default(),
        };
        spread(&def, named.is_some(), &matrix)
            .into_iter()
            .map(|j| j.name)
            .collect()
    }

    #[test]
    fn combinations_are_named_as_github_names_them() {
        assert_eq!(
            names(
                None,
                json!({"os": ["l", "m"], "v": [1, 2], "exclude": [{"os": "m", "v": 2}]})
            ),
            ["b (l, 1)", "b (l, 2)", "b (m, 1)"]
        );
        assert_eq!(
            names(
                Some("for ${{ matrix.t }}"),
                json!({"include": [{"t": "x"}, {"t": "y"}]})
            ),
            ["for x", "for y"]
        );
        assert_eq!(
            names(
                None,
                json!({"os": ["l"], "include": [{"os": "l", "a": "1"}, {"os": "w"}]})
            ),
            ["b (l, 1)", "b (w)"]
        );
        assert_eq!(names(None, json!("${{ fromJSON(x) }}")), ["b"]);
        let mappings = json!({"job": [{"os": "l", "t": "x"}, {"os": "w", "t": "y"}], "v": [1]});
        assert_eq!(
            names(None, mappings.clone()),
            ["b (l, x, 1)", "b (w, y, 1)"]
        );
        assert_eq!(
            names(Some("${{ matrix.job.t }} (${{ matrix.v }})"), mappings),
            ["x (1)", "y (1)"]
        );
    }
}
