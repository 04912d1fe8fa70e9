//! Charts as PNG, drawn with a font that is compiled in: the machine needs none.

use std::error::Error;
use std::ops::Range;
use std::path::Path;

use plotters::coord::types::RangedCoordf64;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::{register_font, FontStyle};

/// A named line.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    /// What the legend says.
    pub name: String,
    /// The points it goes through.
    pub points: Vec<(f64, f64)>,
}

/// A function of the plane, shaded behind the curves: brighter where it is lower.
pub type Surface<'a> = &'a dyn Fn(f64, f64) -> f64;

/// Curves over common axes.
pub struct Chart<'a> {
    /// What stands above.
    pub title: &'a str,
    /// What stands at the axes.
    pub axes: [&'a str; 2],
    /// From where to where the axes go.
    pub ranges: [Range<f64>; 2],
    /// The curves.
    pub curves: &'a [Curve],
    /// Where the legend stands.
    pub legend: SeriesLabelPosition,
    /// What is behind them.
    pub surface: Option<Surface<'a>>,
}

pub use plotters::chart::SeriesLabelPosition;

type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;
type Context<'a, 'b> =
    ChartContext<'a, BitMapBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Outcome = Result<(), Box<dyn Error>>;

const FONT: &str = "sans-serif";
/// Width and height of a chart.
const SIZE: (u32, u32) = (640, 480);
/// One colour for each curve: Okabe and Ito's, which colour-blind people can tell apart.
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];

/// The smallest range that holds these numbers, and a little more.
pub fn range(numbers: impl Iterator<Item = f64>) -> Range<f64> {
    let finite = numbers.filter(|x| x.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
        (low.min(x), high.max(x))
    });
    if low > high {
        return 0.0..1.0;
    }
    let more = 0.05 * (high - low).max(1e-9);
    low - more..high + more
}

/// Draws charts side by side into a PNG file.
///
/// # Errors
///
/// If the file cannot be written.
pub fn draw(path: &Path, charts: &[Chart<'_>]) -> Outcome {
    let font = epaint_default_fonts::UBUNTU_LIGHT;
    register_font(FONT, FontStyle::Normal, font).map_err(|_| "the font cannot be read")?;
    let size = (SIZE.0 * charts.len() as u32, SIZE.1);
    let root = BitMapBackend::new(path, size).into_drawing_area();
    root.fill(&WHITE)?;
    for (chart, area) in charts.iter().zip(root.split_evenly((1, charts.len()))) {
        chart.draw(&area)?;
    }
    root.present()?;
    Ok(())
}

impl Chart<'_> {
    fn draw(&self, area: &Area<'_>) -> Outcome {
        let [x, y] = self.ranges.clone();
        let mut context = ChartBuilder::on(area)
            .caption(self.title, (FONT, 24))
            .margin(12)
            .x_label_area_size(44)
            .y_label_area_size(60)
            .build_cartesian_2d(x, y)?;
        self.shade(&mut context)?;
        let mut mesh = context.configure_mesh();
        if self.surface.is_some() {
            mesh.disable_mesh();
        }
        let [x, y] = self.axes;
        mesh.x_desc(x).y_desc(y).label_style((FONT, 16)).draw()?;
        for (curve, colour) in self.curves.iter().zip(COLOURS.iter().cycle()) {
            trace(&mut context, curve, *colour)?;
        }
        context
            .configure_series_labels()
            .position(self.legend.clone())
            .background_style(WHITE.mix(0.85))
            .border_style(BLACK.mix(0.3))
            .label_font((FONT, 16))
            .draw()?;
        Ok(())
    }

    /// Fills cells by the height of the surface, in bands of a logarithmic scale.
    fn shade(&self, context: &mut Context<'_, '_>) -> Outcome {
        const CELLS: u32 = 160;
        let Some(surface) = self.surface else {
            return Ok(());
        };
        let [xs, ys] = &self.ranges;
        let step = |range: &Range<f64>| (range.end - range.start) / f64::from(CELLS);
        let (width, height) = (step(xs), step(ys));
        let cells = (0..CELLS).flat_map(|i| (0..CELLS).map(move |j| (f64::from(i), f64::from(j))));
        context.draw_series(cells.map(|(i, j)| {
            let (x, y) = (xs.start + i * width, ys.start + j * height);
            let band = (1.5 * surface(x + width / 2.0, y + height / 2.0).max(1e-3).ln()).floor();
            let grey = (245.0 - 9.0 * (band + 10.0)).clamp(90.0, 245.0) as u8;
            let colour = RGBColor(grey, grey, grey);
            Rectangle::new([(x, y), (x + width, y + height)], colour.filled())
        }))?;
        Ok(())
    }
}

/// A curve, and its line in the legend.
fn trace(context: &mut Context<'_, '_>, curve: &Curve, colour: RGBColor) -> Outcome {
    context
        .draw_series(LineSeries::new(
            curve.points.iter().copied(),
            colour.stroke_width(2),
        ))?
        .label(&curve.name)
        .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    Ok(())
}
