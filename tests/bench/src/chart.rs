//! The results as bars.

use charts_rs::{BarChart, ChildChart, MultiChart};
use serde_json::json;

use crate::{
    delivery::{AT_ONCE, CONNECTIONS, Client, Delivery, Measure, PEAK_MEMORY, PROCESSOR, WALL},
    sealing::{SIZES, Sealer, Sealing},
    spread::Spread,
};

const WIDTH: f32 = 480.0;
const HEIGHT: f32 = 260.0;

/// All that was measured, as SVG: medians as bars, and from the least to the greatest as lines upon them.
pub(crate) fn svg(delivery: Option<&Delivery>, sealing: Option<&Sealing>) -> anyhow::Result<String> {
    let mut charts = Vec::new();
    if let Some(delivery) = delivery {
        for measure in [WALL, PROCESSOR, CONNECTIONS, PEAK_MEMORY] {
            charts.push(of_delivery(delivery, measure)?);
        }
    }
    charts.extend(sealing.map(of_sealing).transpose()?);
    let mut sheet = MultiChart::new();
    for (index, chart) in charts.into_iter().enumerate() {
        let place = ((index % 2) as f32 * WIDTH, (index / 2) as f32 * HEIGHT);
        sheet.add(ChildChart::Bar(chart, Some(place)));
    }
    Ok(sheet.svg()?)
}

fn of_delivery(delivery: &Delivery, measure: Measure) -> anyhow::Result<BarChart> {
    let series = Client::ALL.map(|client| {
        let spreads = AT_ONCE.map(|at_once| delivery.spread(measure, client, at_once));
        (client.name(), spreads.into_iter().flatten().collect())
    });
    let secrets = delivery.secrets;
    let title = format!("{secrets} secrets: {}", measure.title);
    bars(&title, AT_ONCE.map(|at_once| format!("{at_once} at once")), series, measure.decimals)
}

fn of_sealing(sealing: &Sealing) -> anyhow::Result<BarChart> {
    let series = Sealer::ALL.map(|sealer| {
        let spreads = SIZES.map(|size| sealing.time(sealer, size));
        (sealer.name(), spreads.into_iter().flatten().collect())
    });
    bars("sealing one value: time, µs", SIZES.map(|size| format!("{size} B")), series, 0)
}

fn bars(
    title: &str,
    places: [String; 3],
    series: impl IntoIterator<Item = (&'static str, Vec<Spread>)>,
    decimals: usize,
) -> anyhow::Result<BarChart> {
    let each = |of: fn(&Spread) -> f64, spreads: &[Spread]| spreads.iter().map(of).collect::<Vec<_>>();
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
        "legend_align": "right",
        "x_axis_data": places,
        "series_list": series.collect::<Vec<_>>(),
        "series_label_formatter": format!("{{:.{decimals}}}"),
        "y_axis_configs": [{ "axis_min": 0 }],
    });
    Ok(BarChart::from_json(&chart.to_string())?)
}
