//! The results as bars.

use charts_rs::{BarChart, ChildChart, MultiChart};
use serde_json::json;

use crate::{
    build::{Builds, Dependent, Profile},
    delivery::{AT_ONCE, Client, Delivery, Measure, PEAK_MEMORY, PROCESSOR, WALL},
    report::Measured,
    sealing::{SIZES, Sealer, Sealing},
    spread::Spread,
};

const WIDTH: f32 = 480.0;
const HEIGHT: f32 = 280.0;

/// Returns the results as SVG: medians as bars, and from the least to the greatest as lines on
/// them.
pub(crate) fn svg(measured: &Measured) -> anyhow::Result<String> {
    let mut charts = Vec::new();
    if let Some(sealing) = &measured.sealing {
        charts.push(of_sealing(sealing)?);
    }
    if let Some(delivery) = &measured.delivery {
        for measure in [PROCESSOR, WALL, PEAK_MEMORY] {
            charts.push(of_delivery(delivery, measure)?);
        }
    }
    if let Some(builds) = &measured.builds {
        charts.push(of_builds(builds)?);
    }
    let mut sheet = MultiChart::new();
    for (index, chart) in charts.into_iter().enumerate() {
        let place = ((index % 2) as f32 * WIDTH, (index / 2) as f32 * HEIGHT);
        sheet.add(ChildChart::Bar(chart, Some(place)));
    }
    Ok(sheet.svg()?)
}

fn of_sealing(sealing: &Sealing) -> anyhow::Result<BarChart> {
    let series = Sealer::ALL.into_iter().map(|sealer| {
        let spreads = SIZES.map(|size| sealing.time(sealer, size));
        (sealer.name(), spreads.into_iter().flatten().collect())
    });
    let sizes = SIZES.map(|size| format!("{size} B"));
    bars("sealing one value: time, µs", sizes.to_vec(), series, 0)
}

fn of_delivery(delivery: &Delivery, measure: Measure) -> anyhow::Result<BarChart> {
    let series = Client::ALL.into_iter().map(|client| {
        let spreads = AT_ONCE.map(|at_once| delivery.spread(measure, client, at_once));
        (client.name(), spreads.into_iter().flatten().collect())
    });
    let title = format!("{} secrets: {}", delivery.secrets, measure.title);
    let places = AT_ONCE.map(|at_once| format!("{at_once} at once"));
    bars(&title, places.to_vec(), series, measure.decimals)
}

fn of_builds(builds: &Builds) -> anyhow::Result<BarChart> {
    let programs = [
        ("github-secrets", Dependent::GitHubSecrets),
        ("reqwest", Dependent::Reqwest),
        ("octocrab", Dependent::Octocrab),
        ("ureq", Dependent::Ureq),
    ];
    let series = programs.into_iter().map(|(name, dependent)| {
        let spreads = Profile::ALL.map(|profile| builds.processor(dependent, profile));
        (name, spreads.into_iter().flatten().collect())
    });
    let profiles = Profile::ALL.map(|profile| profile.name().to_owned());
    bars("building: processor time, s", profiles.to_vec(), series, 0)
}

fn bars<'a>(
    title: &str,
    places: Vec<String>,
    series: impl IntoIterator<Item = (&'a str, Vec<Spread>)>,
    decimals: usize,
) -> anyhow::Result<BarChart> {
    let each =
        |of: fn(&Spread) -> f64, spreads: &[Spread]| spreads.iter().map(of).collect::<Vec<_>>();
    let series = series.into_iter().map(|(name, spreads)| {
        json!({
            "name": name,
            "data": each(|spread| spread.median, &spreads),
            "label_show": true,
            "error_bar": {
                "lower": each(|spread| spread.least, &spreads),
                "upper": each(|spread| spread.greatest, &spreads),
            },
        })
    });
    let chart = json!({
        "width": WIDTH,
        "height": HEIGHT,
        "title_text": title,
        "title_font_size": 15,
        // Below the title, which leaves no room next to it.
        "legend_margin": { "top": 26 },
        "x_axis_data": places,
        "series_list": series.collect::<Vec<_>>(),
        // Within the bars: above them are the lines from the least to the greatest.
        "series_label_position": "inside",
        "series_label_font_color": "#222222",
        "series_label_font_size": 11,
        "series_label_formatter": format!("{{:.{decimals}}}"),
        "y_axis_configs": [{ "axis_min": 0 }],
    });
    Ok(BarChart::from_json(&chart.to_string())?)
}
