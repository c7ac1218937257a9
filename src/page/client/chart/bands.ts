import type { IPrimitivePaneRenderer, ISeriesApi, ISeriesPrimitive, Time } from 'lightweight-charts';

type Target = Parameters<IPrimitivePaneRenderer['draw']>[0];

export interface Band {
  readonly from: number;
  readonly to: number;
  readonly colour: string;
}

/** Fills between two prices, below the candles; `onView` is called whenever the scale may have moved. */
export function bandsPrimitive(
  series: ISeriesApi<'Candlestick'>,
  bands: () => readonly Band[],
  onView: () => void,
): ISeriesPrimitive<Time> {
  const view = {
    zOrder: () => 'bottom' as const,
    renderer: () => ({
      draw(target: Target) {
        target.useBitmapCoordinateSpace(({ context, bitmapSize, verticalPixelRatio }) => {
          for (const { from, to, colour } of bands()) {
            const [top, bottom] = [series.priceToCoordinate(to), series.priceToCoordinate(from)];
            if (top === null || bottom === null) continue;
            context.globalAlpha = 0.07;
            context.fillStyle = colour;
            context.fillRect(0, top * verticalPixelRatio, bitmapSize.width, (bottom - top) * verticalPixelRatio);
            context.globalAlpha = 1;
          }
        });
      },
    }),
  };
  return { paneViews: () => [view], updateAllViews: onView };
}
