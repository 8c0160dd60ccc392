# SPDX-License-Identifier: GPL-2.0-or-later
# Diffusion coefficient (10^-9 m^2/s): a sixth of the slope of a record of msd.awk over the second half of its times. With `exponent`, how the displacement
# grows there: d log msd / d log t, 1 for diffusion, 2 for free flight. Then the largest alpha2, its time, and the last one.
#   awk -f diffusion.awk RECORD
/^#/ { next }
{ t[++n] = $1; msd[n] = $2; alpha[n] = $3; if (n == 1 || $3 > peak) { peak = $3; at = $1 } }
END {
    if (n < 4) { print "record too short"; exit 1 }
    for (k = 1; k <= n; k++) if (t[k] >= t[n] / 2) {
        m++; sx += t[k]; sy += msd[k]; sxx += t[k] * t[k]; sxy += t[k] * msd[k]
        u = log(t[k]); v = log(msd[k]); lx += u; ly += v; lxx += u * u; lxy += u * v
    }
    printf "%.4g exponent %.2f alpha2 %.3f at %.2g ps, last %.3f\n", 10 * (m * sxy - sx * sy) / (m * sxx - sx * sx) / 6,
        (m * lxy - lx * ly) / (m * lxx - lx * lx), peak, at, alpha[n]
}
