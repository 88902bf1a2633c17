/** Custom properties may be set from components: React puts them on the element through its style object, as the policy wants. */
import 'react';

declare module 'react' {
  interface CSSProperties {
    [name: `--${string}`]: string | undefined;
  }
}
