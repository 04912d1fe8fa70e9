//! Cases of [`crate::ba`].

use super::variants::value;
use super::Case;
use crate::annotated::ba as annotated;
use crate::ba::{self, Block, Input, Observation};
use crate::gradient::Sink;
use crate::measure::Variant;
use tapeless::Inactive;

pub fn cases() -> Vec<Case> {
    vec![case(31_843)]
}

/// What a case writes for every observation.
type Row = ([f64; 2], Block, (f64, f64));

fn case(count: usize) -> Case {
    Case::new("ba", format!("{count}"), count, Some(2.7), move |measure| {
        let scene = &Input::new(count);
        let mut errors = vec![([0.0; 2], 0.0); count];
        let mut again = errors.clone();
        measure(&mut [
            value("primal", || {
                for (o, out) in scene.observations.iter().zip(&mut errors) {
                    let (camera, x) = scene.seen(o);
                    let error = ba::reprojection_error(camera, x, o.w, &o.feature);
                    *out = (error, ba::weight_error(o.w));
                }
                errors[count - 1].1
            }),
            blocks("adjoint", scene, |o, (value, block, weight)| {
                let (camera, x) = scene.seen(o);
                *value = ba::reprojection_error_adjoint(camera, x, o.w, &o.feature, block);
                *weight = ba::weight_error_adjoint(o.w);
            }),
            value("annotated", || {
                for (o, out) in scene.observations.iter().zip(&mut again) {
                    let (camera, x) = scene.seen(o);
                    let error = annotated::reprojection_error(camera, x, o.w, &o.feature);
                    *out = (error, annotated::weight_error(o.w));
                }
                again[count - 1].1
            }),
            blocks("vjp, 2 rows", scene, |o, (value, block, weight)| {
                let (camera, x) = scene.seen(o);
                *block = Block::default();
                for row in 0..2 {
                    let mut seed = [0.0; 2];
                    seed[row] = 1.0;
                    *value = annotated::reprojection_error_vjp(
                        camera,
                        x,
                        o.w,
                        &o.feature,
                        seed,
                        &mut block.camera[row],
                        &mut block.x[row],
                        &mut block.w[row],
                        Inactive,
                    );
                }
                *weight = annotated::weight_error_value_and_grad(o.w);
            }),
        ]);
    })
}

/// One call per observation.
fn blocks<'a>(
    name: &'static str,
    scene: &'a Input,
    mut run: impl FnMut(&Observation, &mut Row) + 'a,
) -> Variant<'a> {
    let mut rows = vec![Row::default(); scene.observations.len()];
    let run = move |sink: &mut Sink| {
        for (o, row) in scene.observations.iter().zip(&mut rows) {
            run(o, row);
        }
        for (_, block, (_, d_w)) in &rows {
            sink.put(&(block.camera, block.x, block.w, *d_w));
        }
        rows.last().map_or(0.0, |row| row.2 .0)
    };
    Variant {
        name,
        run: Box::new(run),
    }
}
