"""What many resources cost, beside a provider that does nothing and one that sends the same requests bare.

`make benchmark` runs it: the real engine, on the emulator in a process of its own. It judges nothing.
"""
