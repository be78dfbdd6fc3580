import { createRandom } from "../../lib/random.ts";

/** Two words of the mountains, so that a run can be talked about. */
const adjectives =
  "airy bare blue bold brisk broad calm clear cold crisp dark dry early faint far firm frosty gentle grand high hollow icy keen late lofty lone long low mild misty narrow old open pale quiet rocky rough round sharp sheer short slow snowy steep still stony sunny tall thin white wide wild windy".split(
    " ",
  );
const nouns =
  "arete basin bluff boulder brook butte cairn canyon cirque cliff col combe couloir crag crest dale dell delta drift dune fell fjord ford glacier glen gorge gully heath hill hollow knoll larch ledge mesa moor moraine notch pass peak pine plateau ravine ridge rill saddle scarp scree slope spur summit tarn terrace torrent vale valley".split(
    " ",
  );

/** Draws before a number tells runs apart: there are about 3,000 pairs of words. */
const mostDraws = 200;

/** A name that a seed determines, the next one of its sequence where it is taken. */
export function nameOf(seed: number, taken: ReadonlySet<string>): string {
  const random = createRandom(seed, "augmentation", 0x6e616d65);
  let name = "";
  for (let draw = 0; draw < mostDraws; draw++) {
    name = `${adjectives[random.integer(adjectives.length)]} ${nouns[random.integer(nouns.length)]}`;
    if (!taken.has(name)) return name;
  }
  let number = 2;
  while (taken.has(`${name} ${number}`)) number++;
  return `${name} ${number}`;
}
