import type { NoteContent } from '@health-connect/contract';

/** What the doctor wrote about a visit; a draft is still to be signed. */
export interface DemoNote {
  readonly content: Partial<NoteContent>;
  readonly isDraft?: boolean;
  /** Added a day after signing. */
  readonly amendment?: string;
}

/** One appointment of the demonstration hospital; doctor and patient by their place in the list. */
export interface DemoVisit {
  readonly doctor: number;
  readonly patient: number;
  /** Working days from today; negative is past. */
  readonly day: number;
  readonly time: string;
  readonly reason: string;
  readonly status: 'completed' | 'scheduled' | 'pending';
  readonly note?: DemoNote;
  readonly rating?: number;
  readonly review?: string;
}

const OVER: readonly DemoVisit[] = [
  {
    doctor: 0,
    patient: 1,
    day: -40,
    time: '09:00',
    reason: 'Tired in the mornings',
    status: 'completed',
    note: {
      content: {
        subjective: 'Tired for a month, sleeps badly since a change of shifts.',
        objective: 'Good general condition. Blood pressure 148/88.',
        assessment: 'Sleep disturbance by shift work. Blood pressure raised, to be watched.',
        plan: 'Sleep hygiene. Measure blood pressure twice a day for two weeks and bring the list.',
      },
    },
    rating: 4,
    review: 'Good advice, and no hurry.',
  },
  {
    doctor: 0,
    patient: 2,
    day: -33,
    time: '09:40',
    reason: 'Result of a blood test',
    status: 'completed',
    note: { content: { text: 'Ferritin low, the rest normal. Iron for eight weeks, then a control.' } },
    rating: 5,
    review: 'Explained every number to me.',
  },
  {
    doctor: 0,
    patient: 1,
    day: -26,
    time: '10:20',
    reason: 'Blood pressure list of two weeks',
    status: 'completed',
    note: {
      content: {
        subjective: 'Feels well. List of 14 days, mean 144/86.',
        assessment: 'Arterial hypertension, grade 1.',
        plan: 'Ramipril 2.5 mg in the morning. Control in four weeks.',
      },
      amendment: 'Potassium 4.2 mmol/l, creatinine normal (laboratory of the day after).',
    },
    rating: 5,
  },
  {
    doctor: 0,
    patient: 2,
    day: -19,
    time: '11:00',
    reason: 'Cough since the weekend',
    status: 'completed',
    note: { content: { text: 'Common cold without warning signs. Fluids, rest. Comes back if fever rises.' } },
    rating: 4,
    review: 'The video was a bit dark at first, then all was fine.',
  },
  {
    doctor: 0,
    patient: 0,
    day: -12,
    time: '09:20',
    reason: 'Sore throat and fever for three days',
    status: 'completed',
    note: {
      content: {
        subjective: 'Sore throat and fever up to 38.9 for three days, no cough.',
        objective: 'Throat red on video, no coating. No swelling of the neck.',
        assessment: 'Viral pharyngitis.',
        plan: 'Rest, fluids, paracetamol when needed. Return if fever lasts beyond five days.',
      },
    },
    rating: 5,
    review: 'Took her time and explained everything.',
  },
  {
    doctor: 1,
    patient: 0,
    day: -7,
    time: '10:45',
    reason: 'Itching rash on both forearms',
    status: 'completed',
    note: {
      content: {
        subjective: 'Itching for a week, new detergent since two weeks.',
        objective: 'Sharply bounded redness on both forearms.',
        assessment: 'Contact dermatitis, probably by the new detergent.',
        plan: 'Avoid it. Topical steroid once a day for seven days.',
      },
    },
    rating: 4,
    review: 'Quick and clear.',
  },
  {
    doctor: 2,
    patient: 2,
    day: -4,
    time: '09:00',
    reason: 'Palpitations in the evening',
    status: 'completed',
    note: {
      content: { assessment: 'No warning signs.', plan: '24-hour ECG ordered, less caffeine until then.' },
      isDraft: true,
    },
  },
  { doctor: 0, patient: 2, day: -1, time: '09:20', reason: 'Control of iron', status: 'completed' },
];

const COMING: readonly DemoVisit[] = [
  { doctor: 0, patient: 1, day: 1, time: '10:00', reason: 'Blood pressure review', status: 'scheduled' },
  { doctor: 1, patient: 0, day: 3, time: '11:15', reason: 'Check of the treated rash', status: 'scheduled' },
  { doctor: 2, patient: 2, day: 2, time: '10:30', reason: 'Result of the 24-hour ECG', status: 'scheduled' },
  { doctor: 3, patient: 2, day: 4, time: '09:40', reason: 'Vaccination advice for my nephew', status: 'pending' },
  { doctor: 0, patient: 2, day: 5, time: '11:20', reason: 'Travel health advice', status: 'pending' },
];

/** Past and future visits. */
export const DEMO_VISITS: readonly DemoVisit[] = [...OVER, ...COMING];
