@IP-62
Feature: The right person, the right door, the right time after every change

  Scenario Outline: <change>
    Given the partner declares the change "<change>"
    And a stay that can still be changed was booked
    When the booking undergoes "<change>"
    Then whoever is to have access has it, at the right doors for the right time
    And nobody else has

    Examples:
      | change    |
      | extend    |
      | shorten   |
      | move_room |
      | split     |
      | cancel    |
      | check_in  |
      | check_out |
